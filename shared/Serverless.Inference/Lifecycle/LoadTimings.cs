namespace Serverless.Inference.Lifecycle;

/// <summary>Where the time of a load went.</summary>
/// <param name="Fetch">Until the last byte was there; most of the decoding happens meanwhile.</param>
/// <param name="Decode">Decompressing and verifying after that.</param>
/// <param name="Session">Building the session.</param>
/// <param name="WarmUp">The first run.</param>
public sealed record LoadTimings(TimeSpan Fetch, TimeSpan Decode, TimeSpan Session, TimeSpan WarmUp)
{
    /// <summary>Stored bytes that the package takes.</summary>
    public long BytesTotal { get; init; }

    /// <summary>Those among them that the local cache had.</summary>
    public long BytesFromCache { get; init; }

    /// <summary>The stages by name, in order.</summary>
    public IEnumerable<(string Name, TimeSpan Duration)> Stages =>
        [("fetch", Fetch), ("decode", Decode), ("session", Session), ("warmup", WarmUp)];
}
