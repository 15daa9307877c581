namespace Serverless.Worker.Jobs;

/// <summary>How a run of a shard's lines ended; what was finished is sealed in each case.</summary>
internal enum RunEnd
{
    /// <summary>Every line is sealed.</summary>
    Finished,

    /// <summary>It was told to stop.</summary>
    Halted,

    /// <summary>Another worker sealed from the same request on; its answers count.</summary>
    Overtaken,
}
