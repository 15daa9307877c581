namespace Serverless.ServiceBusEmulator.Topics.Sql;

internal enum SqlTokenKind
{
    End,
    Word,

    /// <summary>A name in brackets or double quotes: never a keyword.</summary>
    QuotedName,
    Text,
    Number,
    Symbol,
}
