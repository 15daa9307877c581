using System.Text;
using Microsoft.Extensions.Options;
using Serverless.Contracts.Errors;
using Serverless.Gateway.Authentication;
using Serverless.Gateway.Jobs;

namespace Serverless.Gateway.Webhooks;

/// <summary>The secrets that sign webhooks, and what URLs may be called at all.</summary>
internal sealed class WebhookKeys(IOptions<ApiKeyOptions> keys, IOptions<JobOptions> options)
{
    private const int LongestUrl = 2048;
    private const string EncodedPrefix = "whsec_";

    /// <summary>Checks what a caller asks for; addresses are checked when they are called, names may change till then.</summary>
    /// <param name="url">The URL; null asks for nothing.</param>
    /// <param name="caller">Who asks.</param>
    /// <param name="field">Where the URL stood, for the error.</param>
    /// <exception cref="InferenceException"><see cref="ErrorKind.InvalidRequest"/>.</exception>
    public void Check(string? url, Caller caller, string field)
    {
        if (url is null)
            return;
        if (SecretOf(caller.Name) is null)
            throw Invalid(field, "This key has no webhook secret (Gateway__ApiKeys__N__WebhookSecret): webhooks are always signed.");
        if (url.Length > LongestUrl || !Uri.TryCreate(url, UriKind.Absolute, out var uri) || uri.UserInfo.Length > 0
            || (uri.Scheme != Uri.UriSchemeHttps && !(options.Value.AllowPrivateWebhooks && uri.Scheme == Uri.UriSchemeHttp)))
        {
            throw Invalid(field, $"'{field}' must be an https URL without user name, up to {LongestUrl} characters.");
        }
    }

    /// <summary>The bytes of a key's secret, or null. A secret <c>whsec_…</c> is base64, as the client libraries of webhooks expect.</summary>
    public byte[]? SecretOf(string callerName)
    {
        var secret = keys.Value.ApiKeys.FirstOrDefault(key => key.Name == callerName)?.WebhookSecret;
        if (secret is null)
            return null;
        var bytes = new byte[secret.Length];
        return secret.StartsWith(EncodedPrefix, StringComparison.Ordinal)
            && Convert.TryFromBase64String(secret[EncodedPrefix.Length..], bytes, out var length)
                ? bytes[..length]
                : Encoding.UTF8.GetBytes(secret);
    }

    private static InferenceException Invalid(string field, string message) => new(ErrorKind.InvalidRequest, message, field);
}
