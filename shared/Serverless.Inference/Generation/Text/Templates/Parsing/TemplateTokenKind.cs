namespace Serverless.Inference.Generation.Text.Templates.Parsing;

internal enum TemplateTokenKind
{
    /// <summary>Text outside of tags.</summary>
    Text,
    BlockStart,
    BlockEnd,
    OutputStart,
    OutputEnd,
    Name,
    String,
    Integer,
    Float,
    Operator,
    End,
}
