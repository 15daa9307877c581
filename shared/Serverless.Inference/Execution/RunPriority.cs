namespace Serverless.Inference.Execution;

/// <summary>Which requests go first.</summary>
public enum RunPriority
{
    /// <summary>Somebody waits for the answer.</summary>
    Interactive,

    /// <summary>Goes when no interactive work waits; ages, so that it is never starved.</summary>
    Batch,
}
