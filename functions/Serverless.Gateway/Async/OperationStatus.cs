namespace Serverless.Gateway.Async;

/// <summary>What an operation's status is called.</summary>
internal static class OperationStatus
{
    public const string Queued = "queued";

    /// <summary>The name for the HTTP status that the request would have had.</summary>
    public static string Of(int status) => status switch
    {
        200 => "succeeded",
        499 => "cancelled",
        _ => "failed",
    };
}
