using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.Extensions.Options;
using Serverless.Contracts.Errors;
using Serverless.Contracts.Http;
using Serverless.Contracts.Trust;
using Serverless.Trust;
using Serverless.Worker.Configuration;

namespace Serverless.Worker.Authentication;

/// <summary>
/// Knows the gateway by the Entra token of its managed identity. Such a token says nothing of the tenant; since it proves that the gateway
/// sends the request, the request's headers say it.
/// </summary>
internal sealed class GatewayIdentity : IGatewayProof, IDisposable
{
    // One for each gateway, and those that are being renewed; only verified ones are kept.
    private const int MaxKept = 256;

    // With the claims of an app they are 1 to 2 KB.
    private const int LongestHeader = 8192;

    private const string Scheme = "Bearer ";

    private readonly ConcurrentDictionary<string, DateTimeOffset> _verified = new(StringComparer.Ordinal);
    private readonly EntraTokenValidator _tokens;
    private readonly string _gateway;
    private readonly TimeProvider _time;

    public GatewayIdentity(IOptions<WorkerOptions> options, TimeProvider time)
    {
        _tokens = new EntraTokenValidator(options.Value.EntraAuthority!, options.Value.EntraAudience!, time);
        (_gateway, _time) = (options.Value.EntraGateway!, time);
        _tokens.ReadKeysAhead();
    }

    /// <exception cref="InferenceException"><see cref="ErrorKind.ModelUnavailable"/>: the issuer's keys cannot be read.</exception>
    public ValueTask<GatewayClaims?> FindAsync(HttpContext context)
    {
        var header = context.Request.Headers.Authorization;
        if (header.Count != 1 || header[0] is not { Length: <= LongestHeader } text || !text.StartsWith(Scheme, StringComparison.Ordinal))
            return default;
        return _verified.TryGetValue(text, out var until) && _time.GetUtcNow() < until ? new(ClaimsIn(context)) : VerifyAsync(context, text);
    }

    public void Dispose() => _tokens.Dispose();

    private async ValueTask<GatewayClaims?> VerifyAsync(HttpContext context, string header)
    {
        try
        {
            var token = await _tokens.ValidateAsync(header[Scheme.Length..]);
            if (!token.TryGetPayloadValue<string>("oid", out var holder) || !holder.Equals(_gateway, StringComparison.OrdinalIgnoreCase))
                return null;
            // Expired ones are most of them by then.
            if (_verified.Count >= MaxKept)
                _verified.Clear();
            _verified[header] = new DateTimeOffset(token.ValidTo, TimeSpan.Zero) + EntraTokenValidator.ClockSkew;
            return ClaimsIn(context);
        }
        catch (InferenceException exception) when (exception.Error.Kind == ErrorKind.Unauthenticated)
        {
            return null;
        }
    }

    private static GatewayClaims ClaimsIn(HttpContext context)
    {
        var headers = context.Request.Headers;
        _ = int.TryParse(headers[InferenceHeaders.MaxRequests], NumberStyles.None, CultureInfo.InvariantCulture, out var most);
        return new GatewayClaims(GatewayClaims.Worker, 0, 0, headers[InferenceHeaders.Tenant], most);
    }
}
