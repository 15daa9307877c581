using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Serverless.Gateway.Jobs;

namespace Serverless.Gateway.Batches.Webhooks;

/// <summary>Delivers the webhook of a batch that ended, signed as OpenAI's are (Standard Webhooks), with back-off.</summary>
internal sealed partial class WebhookDelivery(
    BatchTable batches, WebhookKeys keys, WebhookClient client, JobQueues queues, TimeProvider time, ILogger<WebhookDelivery> logger)
{
    // 5 s, doubled: the last of 10 attempts comes 43 minutes after the first.
    private const int MaxAttempts = 10;
    private static readonly TimeSpan FirstDelay = TimeSpan.FromSeconds(5);

    public async Task DeliverAsync(string text, CancellationToken cancellationToken)
    {
        var message = JsonSerializer.Deserialize(text, WebhookJson.Default.WebhookMessage)
            ?? throw new FormatException("The message is not a webhook.");
        if (await batches.FindAsync(message.Batch, cancellationToken) is not { WebhookUrl: { } url } batch
            || keys.SecretOf(batch.CallerName) is not { } secret)
        {
            return;
        }

        if (await TryAsync(new Uri(url), RequestOf(batch, message, secret, url), message, cancellationToken))
            return;
        if (message.Attempt >= MaxAttempts)
        {
            LogGivenUp(message.Batch, MaxAttempts);
            return;
        }

        var next = message with { Attempt = message.Attempt + 1 };
        var delay = FirstDelay * Math.Pow(2, message.Attempt - 1);
        await queues.SendWebhookAsync(JsonSerializer.Serialize(next, WebhookJson.Default.WebhookMessage), delay, cancellationToken);
    }

    private async Task<bool> TryAsync(Uri url, HttpRequestMessage request, WebhookMessage message, CancellationToken cancellationToken)
    {
        using (request)
        {
            try
            {
                var status = (int)await client.SendAsync(request, cancellationToken);
                if (status is >= 200 and < 300)
                    return true;
                LogRefused(message.Batch, message.Attempt, url.Host, $"status {status}");
            }
            catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException
                && !cancellationToken.IsCancellationRequested)
            {
                LogRefused(message.Batch, message.Attempt, url.Host, exception.Message);
            }

            return false;
        }
    }

    /// <summary>Every attempt has the same id: who gets it twice can tell.</summary>
    private HttpRequestMessage RequestOf(BatchRow batch, WebhookMessage message, byte[] secret, string url)
    {
        var id = $"evt_{batch.Id}_{message.Status}_{batch.FinalizerEpoch}";
        var at = (batch.EndedAt ?? batch.CreatedAt).ToUnixTimeSeconds();
        var body = "{\"id\":\"" + id + "\",\"object\":\"event\",\"created_at\":" + at.ToString(CultureInfo.InvariantCulture)
            + ",\"type\":\"batch." + message.Status + "\",\"data\":{\"id\":\"" + batch.Id + "\"}}";
        var now = time.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var signature = Convert.ToBase64String(HMACSHA256.HashData(secret, Encoding.UTF8.GetBytes($"{id}.{now}.{body}")));
        return new HttpRequestMessage(HttpMethod.Post, url)
        {
            Headers = { { "webhook-id", id }, { "webhook-timestamp", now }, { "webhook-signature", "v1," + signature } },
            Content = new StringContent(body, Encoding.UTF8, new MediaTypeHeaderValue("application/json")),
        };
    }

    [LoggerMessage(1, LogLevel.Warning, "Webhook of batch {Batch}, attempt {Attempt}, to {Host}: {Reason}")]
    private partial void LogRefused(string batch, int attempt, string host, string reason);

    [LoggerMessage(2, LogLevel.Error, "Webhook of batch {Batch} was given up after {Attempts} attempts")]
    private partial void LogGivenUp(string batch, int attempts);
}
