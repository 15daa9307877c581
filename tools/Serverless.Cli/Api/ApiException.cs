namespace Serverless.Cli.Api;

/// <summary>The API refused a request; the message is its own.</summary>
internal sealed class ApiException(int status, string message) : Exception(message)
{
    public int Status { get; } = status;
}
