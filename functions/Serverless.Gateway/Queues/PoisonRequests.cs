using Azure;
using Azure.Storage.Queues.Models;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Serverless.Contracts.Errors;
using Serverless.Contracts.Queues;
using Serverless.Gateway.Async;
using Serverless.Gateway.Jobs;

namespace Serverless.Gateway.Queues;

/// <summary>
/// Takes requests out of their poison queues: the host gives a message up when Service Bus is away for 25 s, and whoever left it waits for an
/// answer. Each run of maintenance sends it on once more; after the last one the answer says that. What has no id stays for a person.
/// </summary>
internal sealed partial class PoisonRequests(
    QueuedRequestHandler handler, OperationStore operations, JobStorage storage, IOptions<QueueOptions> options, ILogger<PoisonRequests> logger)
{
    /// <summary>Runs that try to send a request on: an hour of them.</summary>
    internal const int MaxTries = 60;

    private const int MaxMessages = 320;

    // Less than from one run to the next.
    private static readonly TimeSpan Hidden = TimeSpan.FromSeconds(30);

    /// <summary>Handles what lies there now; returns how many.</summary>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        var handled = await DrainAsync(QueueNames.InferenceRequests, cancellationToken);
        foreach (var tenant in options.Value.Tenants ?? [])
            handled += await DrainAsync(QueueNames.TenantRequestsPrefix + tenant, cancellationToken);
        return handled;
    }

    private async Task<int> DrainAsync(string queue, CancellationToken cancellationToken)
    {
        var poison = storage.Queue(queue + QueueNames.PoisonSuffix);
        var handled = 0;
        for (var looked = 0; looked < MaxMessages; looked++)
        {
            // One at a time: the first that cannot be sent ends the run, and the others keep their tries.
            try
            {
                if ((await poison.ReceiveMessageAsync(Hidden, cancellationToken)).Value is not { } message)
                    break;
                await HandleAsync(queue, message, cancellationToken);
                await poison.DeleteMessageAsync(message.MessageId, message.PopReceipt, cancellationToken);
                handled++;
            }
            catch (RequestFailedException exception) when (exception.ErrorCode == QueueErrorCode.QueueNotFound)
            {
                // The host makes a poison queue when it has a poison message.
                break;
            }
            catch (FormatException)
            {
                // No id, or not even base64.
            }
        }

        return handled;
    }

    private async Task HandleAsync(string queue, QueueMessage message, CancellationToken cancellationToken)
    {
        var text = message.Body.ToString();
        var request = handler.Read(queue, text);
        try
        {
            await handler.SendAsync(queue, text, request, cancellationToken);
        }
        catch (Exception exception) when (message.DequeueCount >= MaxTries && !cancellationToken.IsCancellationRequested)
        {
            LogGivenUp(request.Id, MaxTries, exception);
            var error = new InferenceError(ErrorKind.DeadlineExceeded, $"The request could not be handed to the workers in {MaxTries} tries.");
            await operations.TryAnswerAsync(
                request.Id, error, request.Message.Endpoint ?? QueuedRequest.OpenInferenceEndpoint, cancellationToken);
        }
    }

    [LoggerMessage(1, LogLevel.Error, "Request {Id} could not be sent on in {Tries} tries and was given up")]
    private partial void LogGivenUp(string id, int tries, Exception exception);
}
