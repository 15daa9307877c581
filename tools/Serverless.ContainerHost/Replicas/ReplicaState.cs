namespace Serverless.ContainerHost.Replicas;

/// <summary>What a replica is doing.</summary>
internal enum ReplicaState
{
    /// <summary>Its process was started and has not been ready yet.</summary>
    Starting,

    /// <summary>It gets requests.</summary>
    Ready,

    /// <summary>It was ready and fails its readiness probe: it gets no requests until it passes again.</summary>
    NotReady,

    /// <summary>It is no longer wanted: it finishes what it has.</summary>
    Draining,

    /// <summary>It ended because it was told to.</summary>
    Stopped,

    /// <summary>It ended by itself, or failed a probe and was ended.</summary>
    Crashed,
}
