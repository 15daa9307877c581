using Serverless.Contracts.Errors;
using Serverless.Contracts.Http;
using Serverless.Contracts.Jobs;
using Serverless.Worker.InProcess;

namespace Serverless.Worker.Jobs;

/// <summary>Answers requests as the HTTP endpoints do, with the patience of somebody who does not wait for the answer.</summary>
internal sealed class LineRunner(LocalRequests requests, TimeProvider time)
{
    // The worker gives a request minutes; one that takes longer twice is not going to be faster.
    private const int MaxTimeouts = 2;

    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    private static readonly Dictionary<string, string> Anonymous = new() { [InferenceHeaders.Priority] = "batch" };

    /// <summary>
    /// The answer to <paramref name="body"/>. What is transient (a full queue, a model that loads) is tried again until
    /// <paramref name="cancellationToken"/> ends it; whatever else the engine says is the answer.
    /// </summary>
    /// <param name="path">The endpoint's path.</param>
    /// <param name="body">The request's body.</param>
    /// <param name="cancellationToken">Ends the tries.</param>
    /// <param name="tenant">On whose behalf; null for nobody in particular.</param>
    /// <param name="refused">Called for each answer that is transient.</param>
    public async Task<LocalAnswer> RunAsync(
        string path, ReadOnlyMemory<byte> body, CancellationToken cancellationToken, string? tenant = null, Action? refused = null)
    {
        var headers = tenant is null ? Anonymous : new(Anonymous) { [InferenceHeaders.Tenant] = Uri.EscapeDataString(TenantKey.NameOf(tenant)) };
        if (!requests.Serves(path))
            return Answer(path, ErrorKind.NotImplemented, $"{path} is not implemented by this worker.");
        var pause = TimeSpan.FromMilliseconds(100);
        for (var timeouts = 0; ;)
        {
            var answer = await requests.PostAsync(path, body, headers, cancellationToken);
            if (answer.Status == StatusCodes.Status504GatewayTimeout && ++timeouts == MaxTimeouts)
                return answer;
            if (!IsTransient(answer.Status))
                return answer;
            refused?.Invoke();
            await Task.Delay(answer.RetryAfter is { } wait && wait < pause ? wait : pause, time, cancellationToken);
            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
        }
    }

    private static bool IsTransient(int status) => status is 429 or 502 or 503 or 504;

    private static LocalAnswer Answer(string path, ErrorKind kind, string message)
    {
        var error = new InferenceError(kind, message);
        return new LocalAnswer(error.Status, ErrorBody.ToUtf8(error, ErrorBody.ProtocolOf(path)));
    }
}
