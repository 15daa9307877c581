using System.Buffers.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Serverless.Contracts.Trust;

/// <summary>What the gateway tells the worker of a request's caller. The names are those of JSON Web Tokens (RFC 7519) where they have one.</summary>
/// <param name="Audience">Who is told; <see cref="Worker"/>.</param>
/// <param name="IssuedAt">When, in seconds since 1970.</param>
/// <param name="ExpiresAt">Until when it holds, in seconds since 1970.</param>
/// <param name="Tenant">On whose behalf; null for the platform's own requests.</param>
/// <param name="MaxRequests">How many requests of the tenant a worker may have at hand at a time; 0 for no limit.</param>
public sealed record GatewayClaims(
    [property: JsonPropertyName("aud")] string Audience,
    [property: JsonPropertyName("iat")] long IssuedAt,
    [property: JsonPropertyName("exp")] long ExpiresAt,
    [property: JsonPropertyName("sub")] string? Tenant = null,
    [property: JsonPropertyName("max_requests")] int MaxRequests = 0)
{
    /// <summary>The audience that a worker takes.</summary>
    public const string Worker = "serverless-worker";

    // Clocks of two machines that synchronise theirs are closer than this.
    private const long ClockSkewSeconds = 30;

    /// <summary>Whether a worker takes it at <paramref name="now"/>.</summary>
    public bool HoldsAt(DateTimeOffset now)
    {
        var seconds = now.ToUnixTimeSeconds();
        return Audience == Worker && IssuedAt <= seconds + ClockSkewSeconds && seconds < ExpiresAt + ClockSkewSeconds;
    }

    /// <summary>The claims as base64url of JSON: the middle of a token.</summary>
    internal string Encode() => Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(this, ClaimsJson.Default.GatewayClaims));

    /// <summary>Reads <see cref="Encode"/>'s text; null when it is not that.</summary>
    internal static GatewayClaims? Decode(ReadOnlySpan<char> text)
    {
        try
        {
            return JsonSerializer.Deserialize(Base64Url.DecodeFromChars(text), ClaimsJson.Default.GatewayClaims);
        }
        catch (Exception exception) when (exception is FormatException or JsonException)
        {
            return null;
        }
    }
}
