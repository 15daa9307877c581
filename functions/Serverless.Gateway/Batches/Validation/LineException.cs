namespace Serverless.Gateway.Batches.Validation;

/// <summary>What is wrong with one line.</summary>
internal sealed class LineException(string code, string message, string? param = null) : Exception(message)
{
    public string Code { get; } = code;

    public string? Param { get; } = param;
}
