namespace Serverless.TestKit.Telemetry;

/// <summary>A span and the process that it came from.</summary>
/// <param name="Service">That process's <c>service.name</c>.</param>
/// <param name="Span">The span.</param>
public sealed record ReceivedSpan(string Service, OtlpSpan Span)
{
    /// <summary>Its trace in hexadecimal digits.</summary>
    public string Trace => Convert.ToHexStringLower(Span.TraceId.Span);

    /// <summary>Its id.</summary>
    public string Id => Convert.ToHexStringLower(Span.SpanId.Span);

    /// <summary>Its parent's id; empty for none.</summary>
    public string Parent => Convert.ToHexStringLower(Span.ParentSpanId.Span);

    /// <summary>An attribute as text; null when it has none of this name.</summary>
    public string? this[string attribute] =>
        Span.Attributes.FirstOrDefault(pair => pair.Key == attribute)?.Value is { } value ? OtlpText.Of(value) : null;
}
