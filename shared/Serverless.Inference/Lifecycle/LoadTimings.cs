namespace Serverless.Inference.Lifecycle;

/// <summary>Where the time of a load went.</summary>
/// <param name="Fetch">Waiting for the store's bytes.</param>
/// <param name="Decode">Decompressing, hashing and writing them.</param>
/// <param name="Session">Building the session.</param>
public sealed record LoadTimings(TimeSpan Fetch, TimeSpan Decode, TimeSpan Session)
{
    /// <summary>The stages by name, in order.</summary>
    public IEnumerable<(string Name, TimeSpan Duration)> Stages => [("fetch", Fetch), ("decode", Decode), ("session", Session)];
}
