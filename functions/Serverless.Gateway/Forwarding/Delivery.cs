using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Serverless.Contracts.Errors;
using Serverless.Contracts.Http;
using Serverless.Gateway.Holding;

namespace Serverless.Gateway.Forwarding;

/// <summary>
/// Sends a request once a replica is there. One that is lost before the first byte of its answer is sent again, if its body is still there:
/// inference changes nothing, so that is safe. Where a replica may have had it that is done once, lest a request that kills its replica
/// kills them all.
/// </summary>
internal sealed partial class Delivery(
    HoldingGate gate, WorkerSender sender, ReplayMetrics metrics, IOptions<ForwardingOptions> options, ILogger<Delivery> logger)
{
    private const string Lost = "The worker could not be reached, or was lost before it answered.";

    // Connections that nobody takes although a replica answered just now; the time for holding ends it otherwise.
    private const int MaxUnreached = 10;

    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(1);

    /// <summary>Completes when <paramref name="request"/> was answered, or its client left.</summary>
    /// <exception cref="InferenceException">It was not answered, and the error says why.</exception>
    public async Task DeliverAsync(ForwardedRequest request)
    {
        var (unreached, replayed) = (0, false);
        while (true)
        {
            await gate.PassAsync(request);
            if (await sender.SendAsync(request) is not { } loss)
                return;
            var again = request.Body.CanBeSent && (loss.WasDelivered ? !replayed : ++unreached < MaxUnreached);
            if (!again)
                throw Failure(request, loss);
            replayed |= loss.WasDelivered;
            LogAgain(ShownText.Of(request.Context.Request.Path), loss.Reason, loss.Cause);
            metrics.Add(loss.Reason);
        }
    }

    private InferenceException Failure(ForwardedRequest request, Loss loss)
    {
        LogLost(ShownText.Of(request.Context.Request.Path), loss.Reason, loss.Cause);
        var message = request.Body.CanBeSent
            ? Lost
            : $"{Lost} A request with more than {options.Value.ReplayBytes} bytes is not kept to be sent to another one; send it again.";
        return new InferenceException(new InferenceError(ErrorKind.WorkerUnreachable, message, RetryAfter: Soon), loss.Cause);
    }

    [LoggerMessage(1, LogLevel.Warning, "A request to {Path} was lost ({Reason}); it is sent again")]
    private partial void LogAgain(string path, string reason, Exception? exception);

    [LoggerMessage(2, LogLevel.Warning, "A request to {Path} was lost ({Reason})")]
    private partial void LogLost(string path, string reason, Exception? exception);
}
