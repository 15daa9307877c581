using Onnx;
using Serverless.Inference.Lifecycle;
using Serverless.Inference.Onnx.Preparation.Decoders;

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
        using var original = OnnxSession.Open(file, ExecutionProvider.Cpu, WeightOnlyQuantization.Is(source.Model));
        cancellationToken.ThrowIfCancellationRequested();
        if (DecoderPlan.Of(source, original.Signature, options.Task) is { } decoder)
            return PrepareDecoder(source, decoder, original, options, progress);
        var precision = HalfWeights.PrecisionOf(source.Model);
        if (options.MaxBatch > 1 && BatchAxis.TryFree(source.Model) is { } freed
            && TryPrepare(source, freed, options, progress, Prove) is { } batched)
        {
            if (batched.Batching.MaxBatch > 1)
                return batched;
            batched.Dispose();
        }

        cancellationToken.ThrowIfCancellationRequested();
        return Prepare(source, changed: null, options, progress, Prove);

        void Prove(PreparedGraph prepared, OnnxSession session)
        {
            if (OriginalCheck.FindDifference(original, session, options, precision) is { } difference)
                throw new ModelRefusedException($"once optimised it answers otherwise than before: {difference}");
            var batching = new BatchProof(session, options, precision).Run();
            prepared.Batching = batching with { IsSteady = SteadyGraph.Is(source.Model, session.Signature) };
        }
    }

    // The change is kept only if the graph runs with it and answers as before.
    private static PreparedGraph PrepareDecoder(
        OnnxFile source, DecoderPlan plan, OnnxSession original, PreparationOptions options, IProgress<PreparationStage>? progress)
    {
        if (plan.Changed is { } changed && TryPrepare(source, changed, options, progress, Prove(plan)) is { } prepared)
            return prepared;
        return Prepare(source, changed: null, options, progress, Prove(plan.WithoutChange()));

        Action<PreparedGraph, OnnxSession> Prove(DecoderPlan tried) =>
            (prepared, session) => tried.Prove(prepared, original, session, options.MaxBatch);
    }

    // A freed dimension, say, is kept only if it is of use: if the graph runs with it and answers as before.
    private static PreparedGraph? TryPrepare(
        OnnxFile source, ModelProto changed, PreparationOptions options, IProgress<PreparationStage>? progress,
        Action<PreparedGraph, OnnxSession> prove)
    {
        try
        {
            return Prepare(source, changed, options, progress, prove);
        }
        catch (ModelRefusedException)
        {
            return null;
        }
    }

    private static PreparedGraph Prepare(
        OnnxFile source, ModelProto? changed, PreparationOptions options, IProgress<PreparationStage>? progress,
        Action<PreparedGraph, OnnxSession> prove)
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
            Measure(prepared, prove);
            return prepared;
        }
        catch
        {
            prepared.Dispose();
            throw;
        }
    }

    // Its memory is what goes with the session. What came with it says less: the process may have had free pages for it.
    private static void Measure(PreparedGraph prepared, Action<PreparedGraph, OnnxSession> prove)
    {
        var loaded = ProveLoaded(prepared, prove);
        NativeHeap.Trim();

        // The weights count even where other sessions have their pages still.
        var files = new FileInfo(prepared.GraphFile).Length + (prepared.Weights is [.., var last] ? last.Offset + last.Length : 0);
        prepared.MemoryBytes = Math.Max(files, loaded - Environment.WorkingSet);
    }

    /// <returns>The process's memory in bytes while the session was there.</returns>
    private static long ProveLoaded(PreparedGraph prepared, Action<PreparedGraph, OnnxSession> prove)
    {
        using var session = prepared.Open();
        prove(prepared, session);
        prepared.Signature = session.Signature;
        NativeHeap.Trim();
        return Environment.WorkingSet;
    }
}
