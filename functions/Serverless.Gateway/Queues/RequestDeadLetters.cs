using Azure.Messaging.ServiceBus;
using Microsoft.Extensions.Logging;
using Serverless.Contracts.Errors;
using Serverless.Contracts.Jobs;
using Serverless.Contracts.Queues;
using Serverless.Gateway.Async;
using Serverless.Gateway.Jobs;

namespace Serverless.Gateway.Queues;

/// <summary>
/// Takes the dead letters of single requests: whoever waits for an answer gets one that says what happened. A request that took its hosts
/// with it as often as it may be delivered is not tried again.
/// </summary>
internal sealed partial class RequestDeadLetters(
    ServiceBusClient serviceBus, OperationStore operations, OperationNotices notices, ILogger<RequestDeadLetters> logger) : IAsyncDisposable
{
    private readonly DeadLetterQueue _queue = new(serviceBus, ServiceBusQueues.Inference);

    /// <summary>Handles what lies there now; returns how many.</summary>
    public Task<int> RunAsync(CancellationToken cancellationToken) =>
        _queue.DrainAsync(message => HandleAsync(message, cancellationToken), cancellationToken);

    public ValueTask DisposeAsync() => _queue.DisposeAsync();

    private async Task HandleAsync(ServiceBusReceivedMessage dead, CancellationToken cancellationToken)
    {
        string id;
        InferenceMessage request;
        try
        {
            (id, request) = QueuedRequest.Read(dead.Body.ToString());
        }
        catch (FormatException error)
        {
            // Without an id there is no place for an answer.
            LogForeign(dead.MessageId, error.Message);
            return;
        }

        if (await operations.TryAnswerAsync(id, ErrorOf(dead), request.Endpoint ?? QueuedRequest.OpenInferenceEndpoint, cancellationToken))
            LogGivenUp(id, dead.DeadLetterReason);
        if (dead.ApplicationProperties.TryGetValue(AsyncOperations.OwnerProperty, out var owner))
            await notices.HandleAsync(new BatchEvent(id, BatchEventKind.Answered, Owner: owner as string), cancellationToken);
    }

    private static InferenceError ErrorOf(ServiceBusReceivedMessage dead) => dead.DeadLetterReason == DeadLetterQueue.TimeToLiveExpired
        ? new InferenceError(ErrorKind.DeadlineExceeded, "No worker took the request in the time that a message is kept.")
        : new InferenceError(
            ErrorKind.Internal, $"The request was given up after {dead.DeliveryCount} deliveries: {dead.DeadLetterReason}.");

    [LoggerMessage(1, LogLevel.Error, "Request {Id} was given up: {Reason}")]
    private partial void LogGivenUp(string id, string reason);

    [LoggerMessage(2, LogLevel.Error, "Dead letter {MessageId} of the request queue has no place for an answer ({Reason}); dropped")]
    private partial void LogForeign(string messageId, string reason);
}
