using System.Net.Http.Headers;
using Azure.Core;
using Azure.Identity;
using Microsoft.Extensions.Options;
using Serverless.Contracts.Errors;
using Serverless.Trust;

namespace Serverless.Gateway.Forwarding.Access;

/// <summary>
/// The token of Entra ID that shows the worker this gateway's identity. The credential keeps tokens itself and renews them five minutes before
/// they expire; for no longer than that one is kept here, so that requests do not ask it.
/// </summary>
internal sealed class AppToken
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(1);

    private readonly Lazy<TokenCredential> _credential;
    private readonly Snapshot<AuthenticationHeaderValue>? _header;

    public AppToken(IOptions<ForwardingOptions> options, Lazy<TokenCredential> credential, TimeProvider time)
    {
        _credential = credential;
        if (options.Value.WorkerAudience is { Length: > 0 } audience)
        {
            var scope = new TokenRequestContext([$"{audience}/.default"]);
            _header = new(token => ReadAsync(scope, token), Lifetime, pause: TimeSpan.Zero, time);
        }
    }

    /// <summary>Whether the worker is to be shown one.</summary>
    public bool IsOn => _header is not null;

    /// <exception cref="InferenceException"><see cref="ErrorKind.WorkerUnreachable"/>: there is none to be had.</exception>
    public ValueTask<AuthenticationHeaderValue> GetAsync() => _header!.GetAsync();

    private async Task<AuthenticationHeaderValue> ReadAsync(TokenRequestContext scope, CancellationToken cancellationToken)
    {
        try
        {
            return new AuthenticationHeaderValue("Bearer", (await _credential.Value.GetTokenAsync(scope, cancellationToken)).Token);
        }
        catch (AuthenticationFailedException exception)
        {
            throw new InferenceException(
                new InferenceError(ErrorKind.WorkerUnreachable, "The gateway has no token for its worker at the moment; send the request again.", RetryAfter: Soon),
                exception);
        }
    }
}
