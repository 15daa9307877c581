using Microsoft.Extensions.Logging;
using Serverless.Contracts.Errors;
using Serverless.Contracts.Queues;
using Serverless.Gateway.Telemetry;

namespace Serverless.Gateway.Queues;

/// <summary>Answers one message of <see cref="QueueNames.InferenceRequests"/>, whatever it says, exactly once.</summary>
internal sealed partial class QueuedRequestHandler(
    QueuedRequestRunner runner, ResultStore results, GatewayMetrics metrics, ILogger<QueuedRequestHandler> logger)
{
    /// <summary>Handles a message; returning takes it off the queue, throwing leaves it for another delivery.</summary>
    /// <param name="text">The message.</param>
    /// <param name="delivery">Which delivery this is, from 1.</param>
    /// <param name="cancellationToken">The host is stopping.</param>
    public async Task HandleAsync(string text, long delivery, CancellationToken cancellationToken)
    {
        var (id, message) = QueuedRequest.Read(text);
        if (await results.IsAnsweredAsync(id, cancellationToken))
        {
            LogAnsweredAlready(id);
            metrics.AddQueued("duplicate");
            return;
        }

        var protocol = message.Endpoint is null ? WireProtocol.OpenInference : ErrorBody.ProtocolOf(message.Endpoint);
        try
        {
            var answer = await runner.RunAsync(QueuedRequest.From(id, message), cancellationToken);
            await results.WriteAsync(id, answer, cancellationToken);
            metrics.AddQueued("answered");
        }
        catch (InferenceException exception) when (!ErrorTable.Of(exception.Error.Kind).Retriable)
        {
            LogRefused(id, exception.Error.Kind, exception.Message);
            await results.WriteAsync(id, QueuedAnswer.FromError(id, exception.Error, protocol), cancellationToken);
            metrics.AddQueued("refused");
        }
        catch (InferenceException exception) when (delivery >= QueueNames.MaxDeliveries)
        {
            // The last delivery: the caller learns why, and the message goes to the poison queue for the operator.
            await results.WriteAsync(id, QueuedAnswer.FromError(id, exception.Error, protocol), cancellationToken);
            metrics.AddQueued("poisoned");
            throw;
        }
        catch (InferenceException)
        {
            metrics.AddQueued("retried");
            throw;
        }
    }

    [LoggerMessage(1, LogLevel.Information, "Queued request {Id} was answered already")]
    private partial void LogAnsweredAlready(string id);

    [LoggerMessage(2, LogLevel.Warning, "Queued request {Id} was refused ({Kind}): {Reason}")]
    private partial void LogRefused(string id, ErrorKind kind, string reason);
}
