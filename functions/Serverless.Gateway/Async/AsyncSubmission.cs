using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Serverless.Contracts.Errors;
using Serverless.Contracts.Queues;
using Serverless.Gateway.Authentication;
using Serverless.Gateway.Forwarding;
using Serverless.Gateway.Http;
using Serverless.Gateway.Jobs;
using Serverless.Gateway.Queues;
using Serverless.Gateway.Tenants;
using Serverless.Gateway.Webhooks;

namespace Serverless.Gateway.Async;

/// <summary>Takes a request that is to be answered later.</summary>
internal sealed class AsyncSubmission(
    OperationStore store, InferenceQueue queue, WebhookKeys webhooks, LaterUsage usage, IOptions<AsyncOptions> options, TimeProvider time)
{
    private const string IdempotencyKey = "Idempotency-Key";
    private const string WebhookUrl = "Webhook-Url";
    private const int LongestKey = 255;

    // Service Bus takes messages of 256 KB on its standard tier, headers included.
    private const int LargestInline = 128 << 10;

    /// <summary>
    /// Sends the request to the workers, and gives back its operation. With an idempotency key the same request is the same operation,
    /// however often it is sent: whatever a death left undone is done then.
    /// </summary>
    /// <exception cref="InferenceException">It cannot be taken.</exception>
    public async Task<OperationRow> SubmitAsync(HttpContext context, Caller caller, string endpoint)
    {
        if (!QueuedRequest.IsEndpoint(endpoint))
            throw new InferenceException(ErrorKind.NotFound, $"Requests to {Shorten(endpoint)} are not answered asynchronously.");
        var webhook = context.Request.Headers[WebhookUrl] is [{ } url] ? url : null;
        webhooks.Check(webhook, caller, WebhookUrl);
        var body = await ReadAsync(context);
        if (caller.Models is not null)
            ModelScope.Check(caller, RouteTable.Find(endpoint), endpoint, body, isWhole: true);
        await usage.ChargeAsync(context, caller.Name, endpoint, body);
        var tenant = Tenant.Of(caller);
        var row = new OperationRow
        {
            PartitionKey = tenant,
            RowKey = IdOf(context.Request, tenant),
            Endpoint = endpoint,
            Fingerprint = Hash(Encoding.UTF8.GetBytes($"{endpoint}\n{webhook}\n"), body),
            WebhookUrl = webhook,
            CallerName = caller.Name,
            CreatedAt = time.GetUtcNow(),
            ExpiresAt = time.GetUtcNow() + options.Value.ResultLifetime,
        };
        if (await store.TryAddAsync(row, context.RequestAborted) is { } existing)
        {
            if (existing.Fingerprint != row.Fingerprint)
                throw new InferenceException(ErrorKind.Conflict, $"This {IdempotencyKey} was used for another request.");
            row = existing;
        }

        if (await store.FindResultAsync(row.Id, context.RequestAborted) is null)
            await SendAsync(row, body, caller, context.RequestAborted);
        return row;
    }

    private async Task SendAsync(OperationRow row, byte[] body, Caller caller, CancellationToken cancellationToken)
    {
        InferenceMessage message;
        if (body.Length <= LargestInline)
        {
            using var document = JsonDocument.Parse(body);
            message = new InferenceMessage(row.Id, null, Endpoint: row.Endpoint, Request: document.RootElement.Clone());
        }
        else
        {
            await store.WriteInputAsync(row.Id, body, cancellationToken);
            message = new InferenceMessage(row.Id, null, Endpoint: row.Endpoint, Blob: AsyncOperations.InputPrefix + row.Id);
        }

        var text = JsonSerializer.SerializeToUtf8Bytes(message, QueueJson.Default.InferenceMessage);
        var owner = row.WebhookUrl is null ? null : row.PartitionKey;
        await queue.SendAsync(row.Id, text, Uri.EscapeDataString(caller.Name), owner, cancellationToken);
    }

    private async Task<byte[]> ReadAsync(HttpContext context)
    {
        context.Request.Body = new LimitedBody(context.Request.Body, options.Value.MaxBodyBytes);
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        var bytes = body.ToArray();
        try
        {
            var reader = new Utf8JsonReader(bytes);
            while (reader.Read())
            {
            }

            return bytes;
        }
        catch (JsonException error)
        {
            throw new InferenceException(ErrorKind.InvalidRequest, "The request body is not valid JSON.", inner: error);
        }
    }

    private static string IdOf(HttpRequest request, string tenant)
    {
        var key = request.Headers[IdempotencyKey].ToString();
        if (key.Length > LongestKey)
            throw new InferenceException(ErrorKind.InvalidRequest, $"{IdempotencyKey} may have up to {LongestKey} characters.", IdempotencyKey);
        var secret = key.Length == 0 ? RandomNumberGenerator.GetHexString(32, lowercase: true) : Hash(Encoding.UTF8.GetBytes($"{tenant}\n{key}"))[..32];
        return AsyncOperations.IdPrefix + secret;
    }

    private static string Hash(params ReadOnlySpan<byte[]> parts)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var part in parts)
            hash.AppendData(part);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static string Shorten(string text) => text.Length <= 100 ? text : text[..100] + "…";
}
