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
        try
        {
            await SendAsync(queueName, text, Read(queueName, text), cancellationToken);
        }
        catch (FormatException)
        {
            metrics.AddQueued("invalid");
            throw;
        }
    }

    /// <summary>Its id, and what it says.</summary>
    /// <exception cref="FormatException">There is no id.</exception>
    public (string Id, InferenceMessage Message) Read(string queueName, string text)
    {
        var (id, message) = QueuedRequest.Read(text);
        return OwnerOf(queueName) is { } owner ? OfTenant(owner, id, message) : OfNobody(id, message);
    }

    /// <summary>Sends a message on that was read, unless it is answered already or not its tenant's turn.</summary>
    public async Task SendAsync(
        string queueName, string text, (string Id, InferenceMessage Message) request, CancellationToken cancellationToken)
    {
        var (id, message) = request;
        using var activity = QueueTracing.StartProcess(queueName, message.TraceParent);
        if (await _results.GetBlobClient(id + ".json").ExistsAsync(cancellationToken))
        {
            metrics.AddQueued("duplicate");
            return;
        }

        var tenant = OwnerOf(queueName) ?? options.Value.Tenant;
        if (tenant is not null && !await admission.AdmitAsync(queueName, text, request, tenant, cancellationToken))
            return;

        // Whatever else is wrong with it is the worker's to say, in the answer.
        var content = JsonSerializer.SerializeToUtf8Bytes(message, QueueJson.Default.InferenceMessage);
        await queue.SendAsync(id, content, tenant is null ? null : Uri.EscapeDataString(tenant), null, cancellationToken);
        metrics.AddQueued("sent");
    }

    private static string? OwnerOf(string queueName) =>
        queueName == QueueNames.InferenceRequests ? null : queueName[QueueNames.TenantRequestsPrefix.Length..];

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
