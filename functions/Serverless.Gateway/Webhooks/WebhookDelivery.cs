using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Serverless.Gateway.Jobs;

namespace Serverless.Gateway.Webhooks;

/// <summary>Delivers webhooks, signed as OpenAI's are (Standard Webhooks), with back-off.</summary>
internal sealed partial class WebhookDelivery(
    WebhookEvents events, WebhookKeys keys, WebhookClient client, JobQueues queues, TimeProvider time, ILogger<WebhookDelivery> logger)
{
    // 5 s, doubled: the last of 10 attempts comes 43 minutes after the first.
    private const int MaxAttempts = 10;
    private static readonly TimeSpan FirstDelay = TimeSpan.FromSeconds(5);

    public async Task DeliverAsync(string text, CancellationToken cancellationToken)
    {
        var message = JsonSerializer.Deserialize(text, WebhookJson.Default.WebhookMessage)
            ?? throw new FormatException("The message is not a webhook.");
        if (await events.FindAsync(message, cancellationToken) is not { } announced || keys.SecretOf(announced.CallerName) is not { } secret)
            return;
        if (await TryAsync(new Uri(announced.Url), RequestOf(announced, secret), message, cancellationToken))
            return;
        if (message.Attempt >= MaxAttempts)
        {
            LogGivenUp(message.Id, MaxAttempts);
            return;
        }

        var next = message with { Attempt = message.Attempt + 1 };
        await queues.SendWebhookAsync(JsonSerializer.Serialize(next, WebhookJson.Default.WebhookMessage), DelayAfter(message.Attempt), cancellationToken);
    }

    /// <summary>How long to wait after an attempt that failed.</summary>
    internal static TimeSpan DelayAfter(int attempt) => FirstDelay * Math.Pow(2, attempt - 1);

    private async Task<bool> TryAsync(Uri url, HttpRequestMessage request, WebhookMessage message, CancellationToken cancellationToken)
    {
        using (request)
        {
            try
            {
                var status = (int)await client.SendAsync(request, cancellationToken);
                if (status is >= 200 and < 300)
                    return true;
                LogRefused(message.Id, message.Attempt, url.Host, $"status {status}");
            }
            catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException
                && !cancellationToken.IsCancellationRequested)
            {
                LogRefused(message.Id, message.Attempt, url.Host, exception.Message);
            }

            return false;
        }
    }

    private HttpRequestMessage RequestOf(WebhookEvent announced, byte[] secret)
    {
        var id = announced.Id;
        var at = announced.At.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var body = "{\"id\":\"" + id + "\",\"object\":\"event\",\"created_at\":" + at
            + ",\"type\":\"" + announced.Type + "\",\"data\":{\"id\":\"" + announced.Subject + "\"}}";
        var now = time.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var signature = Convert.ToBase64String(HMACSHA256.HashData(secret, Encoding.UTF8.GetBytes($"{id}.{now}.{body}")));
        return new HttpRequestMessage(HttpMethod.Post, announced.Url)
        {
            Headers = { { "webhook-id", id }, { "webhook-timestamp", now }, { "webhook-signature", "v1," + signature } },
            Content = new StringContent(body, Encoding.UTF8, new MediaTypeHeaderValue("application/json")),
        };
    }

    [LoggerMessage(1, LogLevel.Warning, "Webhook of {Subject}, attempt {Attempt}, to {Host}: {Reason}")]
    private partial void LogRefused(string subject, int attempt, string host, string reason);

    [LoggerMessage(2, LogLevel.Error, "Webhook of {Subject} was given up after {Attempts} attempts")]
    private partial void LogGivenUp(string subject, int attempts);
}
