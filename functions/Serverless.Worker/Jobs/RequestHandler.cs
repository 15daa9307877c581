using Azure;
using Azure.Messaging.ServiceBus;
using Microsoft.Extensions.Options;
using Serverless.Contracts.Errors;
using Serverless.Contracts.Http;
using Serverless.Contracts.Jobs;
using Serverless.Contracts.Queues;

namespace Serverless.Worker.Jobs;

/// <summary>
/// Answers one delivery of a single request: run, write the answer in one conditional Put Blob, complete. Whoever writes first has answered,
/// be it another delivery or a cancel.
/// </summary>
internal sealed partial class RequestHandler(
    RequestBodies bodies, ResultStore results, JobEvents events, LineRunner runner, IOptions<JobOptions> options, TimeProvider time,
    ILogger<RequestHandler> logger)
{
    private static readonly TimeSpan CancelPoll = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    public async Task<Settlement> HandleAsync(ServiceBusReceivedMessage received, CancellationToken stop, CancellationToken lost)
    {
        string id;
        InferenceMessage message;
        try
        {
            (id, message) = QueuedRequest.Read(received.Body.ToString());
        }
        catch (FormatException error)
        {
            return Settlement.DeadLetter(ErrorTable.Of(ErrorKind.InvalidRequest).DeadLetterReason, error.Message);
        }

        using var expiry = new CancellationTokenSource(options.Value.MaxRun, time);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stop, lost, expiry.Token);
        try
        {
            var settlement = await AnswerAsync(id, message, PropertyOf(received, InferenceHeaders.Tenant), end.Token);
            await TellAsync(id, received);
            return settlement;
        }
        catch (OperationCanceledException) when (expiry.IsCancellationRequested && received.DeliveryCount >= QueueNames.MaxDeliveries)
        {
            var settlement = await GiveUpAsync(id, message);
            await TellAsync(id, received);
            return settlement;
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            return lost.IsCancellationRequested ? Settlement.Leave("lock_lost") : Settlement.Abandon("abandoned");
        }
        catch (RequestFailedException error)
        {
            // Storage is away: a message that came back at once would use up its deliveries.
            LogWaiting(logger, id, error.Message);
            await Task.WhenAny(Task.Delay(Pause, time, end.Token));
            return Settlement.Abandon("abandoned");
        }
    }

    private async Task<Settlement> AnswerAsync(string id, InferenceMessage message, string? tenant, CancellationToken end)
    {
        if (await results.IsAnsweredAsync(id, end))
            return Settlement.Complete("duplicate");
        ReadOnlyMemory<byte> answer;
        try
        {
            var request = QueuedRequest.From(id, message);
            var body = request.Blob is { } blob ? await bodies.ReadAsync(blob, end) : request.Body!.Value;
            if (await RunAsync(request, body, tenant, end) is not { } found)
                return Settlement.Complete("cancelled");
            answer = found;
        }
        catch (InferenceException error)
        {
            answer = QueuedAnswer.FromError(id, error.Error, ProtocolOf(message));
        }

        return Settlement.Complete(await results.TryWriteAsync(id, answer, CancellationToken.None) ? "answered" : "duplicate");
    }

    // Whoever asked must get to know it: a dead letter alone tells only the operator.
    private async Task<Settlement> GiveUpAsync(string id, InferenceMessage message)
    {
        var error = new InferenceError(
            ErrorKind.DeadlineExceeded, $"The request could not be run in {QueueNames.MaxDeliveries} tries of {options.Value.MaxRun}.");
        await results.TryWriteAsync(id, QueuedAnswer.FromError(id, error, ProtocolOf(message)), CancellationToken.None);
        return Settlement.DeadLetter(ErrorTable.Of(error.Kind).DeadLetterReason, error.Message);
    }

    private static WireProtocol ProtocolOf(InferenceMessage message) =>
        message.Endpoint is null ? WireProtocol.OpenInference : ErrorBody.ProtocolOf(message.Endpoint);

    /// <summary>The answer; null when somebody else gave one meanwhile, which is how a request is cancelled.</summary>
    private async Task<ReadOnlyMemory<byte>?> RunAsync(
        QueuedRequest request, ReadOnlyMemory<byte> body, string? tenant, CancellationToken end)
    {
        using var run = CancellationTokenSource.CreateLinkedTokenSource(end);
        var running = runner.RunAsync(request.Path, body, run.Token, tenant);
        while (await Task.WhenAny(running, Task.Delay(CancelPoll, time, run.Token)) != running)
        {
            if (!end.IsCancellationRequested && await results.IsAnsweredAsync(request.Id, end))
            {
                await run.CancelAsync();
                await Task.WhenAny(running);
                return null;
            }
        }

        var answer = await running;
        await run.CancelAsync();
        return QueuedAnswer.FromWorker(request.Id, answer.Status, answer.Body);
    }

    /// <summary>Tells that there is an answer, whoever gave it: a death after the answer must not keep it from being told.</summary>
    private Task TellAsync(string id, ServiceBusReceivedMessage received) =>
        PropertyOf(received, AsyncOperations.OwnerProperty) is { } owner
            ? events.SendAsync(new BatchEvent(id, BatchEventKind.Answered, Owner: owner), CancellationToken.None)
            : Task.CompletedTask;

    private static string? PropertyOf(ServiceBusReceivedMessage received, string name) =>
        received.ApplicationProperties.TryGetValue(name, out var value) ? value as string : null;

    [LoggerMessage(1, LogLevel.Warning, "Request {Id} waits for storage: {Reason}")]
    private static partial void LogWaiting(ILogger logger, string id, string reason);
}
