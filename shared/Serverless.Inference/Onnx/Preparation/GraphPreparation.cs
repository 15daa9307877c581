using Onnx;
using Serverless.Inference.Lifecycle;

namespace Serverless.Inference.Onnx.Preparation;

/// <summary>Turns an ONNX file into what a package holds: an optimised graph, its weights, and what was proved about them.</summary>
public static class GraphPreparation
{
    /// <summary>Prepares <paramref name="file"/>, which stays as it is.</summary>
    /// <exception cref="ModelRefusedException">It cannot be served; the message says why.</exception>
    public static Task<PreparedGraph> RunAsync(
        string file, PreparationOptions options, IProgress<PreparationStage>? progress, CancellationToken cancellationToken) =>
        // Minutes of processor time for a large model, and none of it waits.
        Task.Run(() => Run(file, options, progress, cancellationToken), cancellationToken);

    private static PreparedGraph Run(
        string file, PreparationOptions options, IProgress<PreparationStage>? progress, CancellationToken cancellationToken)
    {
        progress?.Report(PreparationStage.Check);
        OnnxRuntimeLibrary.EnsureStarted();
        var source = OnnxFile.Read(file);
        using var original = OnnxSession.Open(file, ExecutionProvider.Cpu);
        cancellationToken.ThrowIfCancellationRequested();
        if (options.MaxBatch > 1 && BatchAxis.TryFree(source.Model) is { } freed
            && TryPrepare(source, freed, original, options, progress) is { } batched)
        {
            return batched;
        }

        cancellationToken.ThrowIfCancellationRequested();
        return Prepare(source, changed: null, original, options, progress);
    }

    // A freed dimension is kept only if it is of use: if the graph runs with it, answers as before, and takes rows together.
    private static PreparedGraph? TryPrepare(
        OnnxFile source, ModelProto freed, OnnxSession original, PreparationOptions options, IProgress<PreparationStage>? progress)
    {
        PreparedGraph prepared;
        try
        {
            prepared = Prepare(source, freed, original, options, progress);
        }
        catch (ModelRefusedException)
        {
            return null;
        }

        if (prepared.Batching.MaxBatch > 1)
            return prepared;
        prepared.Dispose();
        return null;
    }

    private static PreparedGraph Prepare(
        OnnxFile source, ModelProto? changed, OnnxSession original, PreparationOptions options, IProgress<PreparationStage>? progress)
    {
        var prepared = new PreparedGraph();
        try
        {
            progress?.Report(PreparationStage.Optimize);
            var optimizer = new OfflineOptimizer(prepared.Folder, options);
            var (model, record) = optimizer.Run(source, changed);
            WeightExtraction.Run(model, prepared);
            optimizer.DeleteFiles();
            prepared.Optimization = record;
            progress?.Report(PreparationStage.Prove);
            Prove(prepared, original, options);
            return prepared;
        }
        catch
        {
            prepared.Dispose();
            throw;
        }
    }

    // Its memory is what goes with the session. What came with it says less: the process may have had free pages for it.
    private static void Prove(PreparedGraph prepared, OnnxSession original, PreparationOptions options)
    {
        var loaded = ProveLoaded(prepared, original, options);
        NativeHeap.Trim();

        // The weights count even where other sessions have their pages still.
        var files = new FileInfo(prepared.GraphFile).Length + (prepared.Weights is [.., var last] ? last.Offset + last.Length : 0);
        prepared.MemoryBytes = Math.Max(files, loaded - Environment.WorkingSet);
    }

    /// <returns>The process's memory in bytes while the session was there.</returns>
    private static long ProveLoaded(PreparedGraph prepared, OnnxSession original, PreparationOptions options)
    {
        using var session = prepared.Open();
        if (OriginalCheck.FindDifference(original, session, options) is { } difference)
            throw new ModelRefusedException($"once optimised it answers otherwise than before: {difference}");
        prepared.Signature = session.Signature;
        prepared.Batching = new BatchProof(session, options).Run();
        NativeHeap.Trim();
        return Environment.WorkingSet;
    }
}
