namespace Serverless.TestKit.Telemetry;

/// <summary>A point of a histogram.</summary>
/// <param name="Point">The point.</param>
public sealed record ReceivedPoint(OtlpHistogramPoint Point)
{
    /// <summary>Its attributes as text, sorted.</summary>
    public string Labels => string.Join(
        ", ", Point.Attributes.Select(pair => $"{pair.Key}={OtlpText.Of(pair.Value)}").Order(StringComparer.Ordinal));

    /// <summary>Traces that its exemplars lead to, in hexadecimal digits.</summary>
    public IReadOnlyList<string> Traces => [.. Point.Exemplars.Select(exemplar => Convert.ToHexStringLower(exemplar.TraceId.Span))];
}
