namespace Serverless.Inference.Lifecycle;

/// <summary>Where a model version stands in this process; <see cref="ModelStates"/> says what may follow what.</summary>
public enum ModelState
{
    /// <summary>Not in memory; the next request for it loads it.</summary>
    Unloaded,

    /// <summary>Its bytes are on their way, or it waits for room.</summary>
    Loading,

    /// <summary>Its session runs for the first time.</summary>
    WarmingUp,

    /// <summary>It answers.</summary>
    Ready,

    /// <summary>It takes no more requests and finishes those it has.</summary>
    Draining,

    /// <summary>It could not be loaded; a request after the back-off tries again.</summary>
    Failed,
}
