using Serverless.FunctionsHost.Rpc.Messages;

namespace Serverless.FunctionsHost.Functions;

/// <summary>The function ran and failed, or was cancelled. The worker logs where; here is what.</summary>
internal sealed class InvocationFailedException(StatusResult? result) : Exception(Describe(result))
{
    private static string Describe(StatusResult? result) =>
        result?.Exception is { } e
            ? e.Message
            : $"The function ended as {result?.Status ?? StatusResult.Types.Status.Failure} without an exception.";
}
