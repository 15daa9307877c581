namespace Serverless.Inference.Lifecycle;

/// <summary>The versions that answer the requests of a name.</summary>
/// <param name="Main">The one that answers whatever no other does.</param>
internal sealed record ServedVersions(VersionSlot Main)
{
    /// <summary>A version that should serve and could not be loaded.</summary>
    public FailedVersion? Failed { get; init; }

    /// <summary>The one that answers a part.</summary>
    public VersionSlot? Canary { get; init; }

    /// <summary>How many hundredths the canary answers.</summary>
    public int Weight { get; init; }

    /// <summary>The one that runs in the shadow of the main one. It is loaded by the first request that it runs on.</summary>
    public VersionSlot? Shadow { get; init; }

    /// <summary>On how many hundredths of the main version's requests the shadow runs.</summary>
    public int Share { get; init; }

    public IEnumerable<VersionSlot> Slots => new[] { Main, Canary, Shadow }.OfType<VersionSlot>();

    /// <summary>The version that answers. Who asks about the model and does not infer has no slice, and is told of the main one.</summary>
    public VersionSlot Choose(TrafficSlice? slice) => Canary is not null && slice?.Hundredth < Weight ? Canary : Main;
}
