namespace TinyLm.Commands;

/// <summary>Where things are kept unless a command says otherwise.</summary>
internal static class WorkFiles
{
    /// <summary>The package.</summary>
    public const string Package = "samples/models/tinylm";

    /// <summary>A student's package; its folder is not committed.</summary>
    public const string Student = "artifacts/tinylm/student";

    /// <summary>A training that can be gone on with; its folder is not committed.</summary>
    public const string Checkpoint = "artifacts/tinylm/training.bin";
}
