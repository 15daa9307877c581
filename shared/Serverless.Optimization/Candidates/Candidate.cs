using Serverless.Inference.Onnx.Preparation;
using Serverless.Models.Manifest;
using Serverless.Models.Publishing;
using Serverless.Models.Rejections;
using Serverless.Models.Storage;
using Serverless.Optimization.Calibration;
using Serverless.Optimization.Distillation;
using Serverless.Optimization.Evaluation;
using Serverless.Optimization.Graphs;
using Serverless.Optimization.Passes;

namespace Serverless.Optimization.Candidates;

/// <summary>A version that was made, prepared and measured, and is not published yet.</summary>
public sealed class Candidate : IDisposable
{
    private readonly CandidateSource _source;
    private readonly PreparedGraph _prepared;
    private readonly DirectoryInfo _folder;

    private Candidate(CandidateSource source, PreparedGraph prepared, DirectoryInfo folder) =>
        (_source, _prepared, _folder) = (source, prepared, folder);

    /// <summary>How it was made, with the figures that it was measured by.</summary>
    public required LineageRecord Lineage { get; init; }

    /// <summary>Size of the file that the passes wrote over that of the file that they read.</summary>
    public required double FileSizeRatio { get; init; }

    /// <summary>How a student learnt; empty where no pass trained one.</summary>
    public IReadOnlyList<LossPoint> Losses { get; private init; } = [];

    /// <summary>What was proved about batching.</summary>
    public BatchingRecord Batching => _prepared.Batching;

    /// <summary>Whether all figures are within their bounds.</summary>
    public bool IsAccepted => Lineage.Figures.All(figure => figure.IsMet);

    /// <summary>Applies <paramref name="passes"/>, prepares what comes of it as a push does, and measures it against the parent.</summary>
    /// <exception cref="Inference.Onnx.ModelRefusedException">A pass finds nothing to change, or the result cannot be served.</exception>
    public static async Task<Candidate> MakeAsync(
        CandidateSource source, IReadOnlyList<PassStep> passes, CandidateTerms terms, IProgress<string>? progress, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("serverless-candidate-");
        PreparedGraph? prepared = null;
        try
        {
            var model = ModelGraph.Read(source.Made?.Path ?? source.Graph);
            if (passes.Any(pass => pass.IsCalibrated))
                model.Samples = await CalibrationTexts.RowsAsync(source, model, terms.References, cancellationToken);
            if (passes.Any(pass => pass.IsTrained))
                model.Lessons = await Lessons.PrepareAsync(source, model, terms, cancellationToken);
            var (graph, records) = Rewrite(source, model, passes, folder.FullName, progress);
            var fileSizeRatio = ModelFiles.SizeOf(graph) / (double)ModelFiles.SizeOf(source.Graph);
            progress?.Report("prepare");
            prepared = await GraphPreparation.RunAsync(graph, terms.ToOptions(source.Parent), progress: null, cancellationToken);
            var scratch = ModelStores.InFolder(Path.Combine(folder.FullName, "store"));
            progress?.Report("pack");
            var draft = Draft(source, prepared);
            await new ModelPublisher(scratch).PublishAsync(draft, progress: null, cancellationToken);
            progress?.Report("measure");
            var (references, figures) = await MeasureAsync(source, scratch, terms.References, cancellationToken);
            return new Candidate(source, prepared, folder)
            {
                FileSizeRatio = fileSizeRatio,
                Losses = model.Losses,
                Lineage = new LineageRecord(source.Parent.Version, records, terms.Thresholds.Bound(figures)) { References = references },
            };
        }
        catch
        {
            prepared?.Dispose();
            folder.Delete(recursive: true);
            throw;
        }
    }

    /// <summary>Publishes it as the next version of its model.</summary>
    /// <exception cref="InvalidOperationException">It was not accepted.</exception>
    public Task<ModelManifest> PublishAsync(CancellationToken cancellationToken) => IsAccepted
        ? new ModelPublisher(_source.Store).PublishAsync(Draft(_source, _prepared) with { Lineage = Lineage }, progress: null, cancellationToken)
        : throw new InvalidOperationException("A candidate that was refused is not published.");

    /// <summary>Keeps the report of why it was refused beside the model's versions.</summary>
    /// <returns>The report's number.</returns>
    public Task<int> RejectAsync(CancellationToken cancellationToken) =>
        new RejectionBook(_source.Store).AddAsync(_source.Parent.Name, Lineage, cancellationToken);

    /// <inheritdoc/>
    public void Dispose()
    {
        _prepared.Dispose();
        _folder.Delete(recursive: true);
    }

    private static (string Graph, IReadOnlyList<PassRecord> Records) Rewrite(
        CandidateSource source, ModelGraph model, IReadOnlyList<PassStep> passes, string folder, IProgress<string>? progress)
    {
        List<PassRecord> records = source.Made is { } made ? [made.Record] : [];
        foreach (var pass in passes)
        {
            progress?.Report(pass.ToString());
            records.Add(new PassRecord(pass.Name, pass.Parameters, pass.Apply(model)));
        }

        // What a preparation looks for beside a graph, such as a tokenizer.
        foreach (var file in source.Files)
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)), overwrite: true);
        return (model.Write(folder), records);
    }

    private static PackageDraft Draft(CandidateSource source, PreparedGraph prepared)
    {
        var draft = prepared.ToDraft(source.Parent.Name, source.Files);
        return draft with { Task = source.Parent.Task ?? draft.Task, Labels = source.Parent.Labels };
    }

    private static async Task<(string References, IReadOnlyList<(string Name, double Value)> Figures)> MeasureAsync(
        CandidateSource source, IModelStore scratch, ReferenceInputs references, CancellationToken cancellationToken)
    {
        var coldStart = await ColdStartRatio.MeasureAsync(source.Store, source.Parent, scratch, cancellationToken);
        await using var parent = await ServedVersion.StartAsync(source.Store, source.Parent.Name, source.Parent.Version, cancellationToken);
        await using var candidate = await ServedVersion.StartAsync(scratch, source.Parent.Name, version: 1, cancellationToken);
        var (measuredOn, figures) = await new CandidateEvaluation(references).RunAsync(parent, candidate, cancellationToken);
        return (measuredOn, [.. figures, (FigureNames.ColdStart, coldStart)]);
    }
}
