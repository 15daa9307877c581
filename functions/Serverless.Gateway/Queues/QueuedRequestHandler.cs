using System.Text.Json;
using Azure.Storage.Blobs;
using Microsoft.Extensions.Options;
using Serverless.Contracts.Queues;
using Serverless.Contracts.Storage;
using Serverless.Gateway.Telemetry;
using Serverless.Telemetry;

namespace Serverless.Gateway.Queues;

/// <summary>
/// Takes messages of <see cref="QueueNames.InferenceRequests"/> and of tenants' queues on to Service Bus, where the workers take them. On
/// whose behalf one runs is the queue's to say, never the message's.
/// </summary>
internal sealed class QueuedRequestHandler(
    InferenceQueue queue, QueueAdmission admission, BlobServiceClient storage, IOptions<QueueOptions> options, GatewayMetrics metrics)
{
    private readonly BlobContainerClient _results = storage.GetBlobContainerClient(BlobContainers.Results);

    /// <summary>Handles a message; returning takes it off the queue, throwing leaves it for another delivery.</summary>
    /// <exception cref="FormatException">There is no id, hence no place for an answer: it belongs into the poison queue.</exception>
    public async Task HandleAsync(string queueName, string text, CancellationToken cancellationToken)
    {
        var owner = queueName == QueueNames.InferenceRequests ? null : queueName[QueueNames.TenantRequestsPrefix.Length..];
        var (id, message) = Read(text, owner);
        using var activity = QueueTracing.StartProcess(queueName, message.TraceParent);
        if (await _results.GetBlobClient(id + ".json").ExistsAsync(cancellationToken))
        {
            metrics.AddQueued("duplicate");
            return;
        }

        var tenant = owner ?? options.Value.Tenant;
        if (tenant is not null && !await admission.AdmitAsync(queueName, text, (id, message), tenant, cancellationToken))
            return;

        // Whatever else is wrong with it is the worker's to say, in the answer.
        var content = JsonSerializer.SerializeToUtf8Bytes(message, QueueJson.Default.InferenceMessage);
        await queue.SendAsync(id, content, tenant is null ? null : Uri.EscapeDataString(tenant), null, cancellationToken);
        metrics.AddQueued("sent");
    }

    private (string Id, InferenceMessage Message) Read(string text, string? owner)
    {
        try
        {
            var (id, message) = QueuedRequest.Read(text);
            return owner is null ? OfNobody(id, message) : OfTenant(owner, id, message);
        }
        catch (FormatException)
        {
            metrics.AddQueued("invalid");
            throw;
        }
    }

    // Answers and inputs of tenants with queues are theirs alone: what they name is looked for below their own names.
    private static (string Id, InferenceMessage Message) OfTenant(string owner, string id, InferenceMessage message)
    {
        var own = $"{owner}.{id}";
        return own.Length <= QueuedRequest.LongestId
            ? (own, message with { Id = own, Blob = message.Blob is { } blob ? $"{owner}/{blob}" : null })
            : throw new FormatException($"The message's 'id' has more than {QueuedRequest.LongestId} characters together with '{owner}.'.");
    }

    private (string Id, InferenceMessage Message) OfNobody(string id, InferenceMessage message) =>
        (options.Value.Tenants ?? []).Any(tenant =>
            id.StartsWith(tenant + ".", StringComparison.Ordinal) || message.Blob?.StartsWith(tenant + "/", StringComparison.Ordinal) == true)
            ? throw new FormatException("The message's 'id' or 'blob' begins with the name of a tenant that has a queue of its own.")
            : (id, message);
}
