using Serverless.Contracts.Errors;
using Serverless.Inference.Onnx;

namespace Serverless.Inference.Execution;

/// <summary>How a model is served. All of it can be changed while it serves.</summary>
public sealed record ServingSettings
{
    /// <summary>How many runs go side by side over the one session; 1 to 64.</summary>
    public int Instances { get; init; } = 1;

    /// <summary>The most rows that run together, up to what was proved when the model was pushed; 1 to 1024.</summary>
    public int MaxBatch { get; init; } = 1024;

    /// <summary>
    /// The most positions (rows times the longest of them) in one run of a model that takes sequences; null (unless set) for what suits the
    /// execution provider, see <see cref="For"/>.
    /// </summary>
    public int? MaxElements { get; init; }

    /// <summary>The largest part of a run that may be padding; 0 to 0.9, 0.25 unless set.</summary>
    public double MaxWaste { get; init; } = 0.25;

    /// <summary>
    /// How long a run that could start waits for more rows; up to 1 s, zero unless set: rows gather by themselves while others run.
    /// </summary>
    public TimeSpan MaxDelay { get; init; }

    /// <summary>
    /// Numbers of rows that the model runs well with: of what waits, the largest of these that can be filled goes. None unless set.
    /// </summary>
    public IReadOnlyList<int> PreferredBatches
    {
        get;
        // Sorted once: every run looks for the largest that can be filled.
        init => field = [.. value.OrderDescending()];
    } = [];

    /// <summary>How many rows may wait; 1 to 100,000.</summary>
    public int QueueRows { get; init; } = 1024;

    /// <summary>How many bytes of inputs may wait; 1 MiB at least, 512 MiB unless set.</summary>
    public long QueueBytes { get; init; } = 512L << 20;

    /// <summary>How many bytes of answers are kept to answer equal inputs with; 0 (unless set) keeps none.</summary>
    public long CacheBytes { get; init; }

    /// <summary>These settings with what suits <paramref name="provider"/> in place of what nobody set.</summary>
    internal ServingSettings For(ExecutionProvider provider) => this with
    {
        MaxElements = MaxElements ?? (provider == ExecutionProvider.Cpu ? MachineDefaults.Elements : MachineDefaults.DeviceElements),
    };

    /// <summary>These settings with what <paramref name="change"/> says.</summary>
    /// <exception cref="InferenceException">A value is outside its range.</exception>
    public ServingSettings With(ServingChange change)
    {
        var changed = this with
        {
            Instances = change.Instances ?? Instances,
            MaxBatch = change.MaxBatch ?? MaxBatch,
            MaxElements = change.MaxElements ?? MaxElements,
            MaxWaste = change.MaxWaste ?? MaxWaste,
            MaxDelay = change.MaxDelayMicroseconds is { } delay ? TimeSpan.FromMicroseconds(delay) : MaxDelay,
            PreferredBatches = change.PreferredBatches ?? PreferredBatches,
            QueueRows = change.QueueRows ?? QueueRows,
            QueueBytes = change.QueueBytes ?? QueueBytes,
            CacheBytes = change.CacheBytes ?? CacheBytes,
        };
        return changed.FindFault() is { } fault ? throw new InferenceException(ErrorKind.InvalidRequest, fault) : changed;
    }

    /// <summary>The first value outside its range, or null.</summary>
    public string? FindFault() => this switch
    {
        { Instances: < 1 or > 64 } => $"instances must be 1 to 64, not {Instances}.",
        { MaxBatch: < 1 or > 1024 } => $"max_batch must be 1 to 1024, not {MaxBatch}.",
        { MaxElements: < 1 or > 1 << 24 } => $"max_elements must be 1 to {1 << 24}, not {MaxElements}.",
        _ when !(MaxWaste is >= 0 and <= 0.9) => "max_waste must be 0 to 0.9.",
        _ when MaxDelay < TimeSpan.Zero || MaxDelay > TimeSpan.FromSeconds(1) => "max_delay_microseconds must be 0 to 1000000.",
        _ when PreferredBatches.Any(rows => rows is < 1 or > 1024) => "preferred_batches must hold numbers from 1 to 1024.",
        { QueueRows: < 1 or > 100_000 } => $"queue_rows must be 1 to 100000, not {QueueRows}.",
        { QueueBytes: < 1 << 20 } => $"queue_bytes must be {1 << 20} at least, not {QueueBytes}.",
        { CacheBytes: < 0 } => $"cache_bytes must be 0 at least, not {CacheBytes}.",
        _ => null,
    };
}
