namespace Serverless.Simulation;

/// <summary>What happens at a moment of a simulation, besides arrivals.</summary>
internal enum EventKind
{
    /// <summary>The scaler decides.</summary>
    Decision,

    /// <summary>A replica is ready.</summary>
    Ready,

    /// <summary>A replica has answered one request.</summary>
    Answered,

    /// <summary>A replica has worked one message off.</summary>
    MessageDone,

    /// <summary>The drain time of a replica ends.</summary>
    DrainOver,
}
