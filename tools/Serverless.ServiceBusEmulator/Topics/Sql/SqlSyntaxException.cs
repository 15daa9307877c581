namespace Serverless.ServiceBusEmulator.Topics.Sql;

/// <summary>The expression cannot be read; the message names the place.</summary>
internal sealed class SqlSyntaxException(string message, int position)
    : Exception($"{message} (at character {position + 1})");
