using Microsoft.Extensions.Options;
using Serverless.Contracts.Errors;
using Serverless.Contracts.Queues;
using Serverless.Gateway.Forwarding;

namespace Serverless.Gateway.Holding;

/// <summary>How long a request may wait for the beginning of its answer, wherever it waits, and what it is told then.</summary>
internal sealed class Patience(IOptions<HoldingOptions> options, TimeProvider time)
{
    // The worker gives up after as long; where it can still say why, it should.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(10);

    private readonly TimeSpan _maxWait = options.Value.MaxWait;

    /// <summary>How long <paramref name="request"/> may still wait for a replica; 0 when its time is over.</summary>
    public TimeSpan LeftFor(ForwardedRequest request)
    {
        var left = _maxWait - time.GetElapsedTime(request.Arrived);
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }

    /// <summary>Is cancelled when a request that is sent now has waited for too long.</summary>
    public CancellationTokenSource Begin(ForwardedRequest request) => new(LeftFor(request) + Grace, time);

    /// <summary>What a request is told that waited for too long.</summary>
    public InferenceException TooLate(ForwardedRequest request, Exception? cause = null)
    {
        var path = request.Context.Request.Path.Value ?? "";
        var waited = $"No answer was ready within {_maxWait.TotalSeconds:0.#} s.";
        var message = request.Context.Request.Method == "POST" && QueuedRequest.IsEndpoint(path)
            ? $"{waited} Sent to {AsyncPathOf(path)}, or with the header 'Prefer: respond-async', the request is answered later."
            : $"{waited} Send the request again in a while.";
        return new InferenceException(new InferenceError(ErrorKind.ModelUnavailable, message, RetryAfter: RetryAfter), cause);
    }

    private static string AsyncPathOf(string path) =>
        path.StartsWith("/v1/", StringComparison.Ordinal) ? "/v1/async/" + path["/v1/".Length..] : "/v1/async" + path;
}
