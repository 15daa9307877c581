using Serverless.Benchmarks.Generation;
using Serverless.Inference;
using Serverless.Inference.Onnx;
using Serverless.Models.Manifest;
using Serverless.Optimization.Candidates;
using Serverless.Optimization.Evaluation;
using Serverless.Optimization.Graphs;
using Serverless.Optimization.Partitioning;
using Serverless.Optimization.Passes;
using Serverless.SampleModels;
using Serverless.SampleModels.Decoders;
using Serverless.TestKit;

namespace Serverless.Benchmarks.Compression;

/// <summary>What each pass makes of each sample model: sizes, accuracy, and speed as served, all against the model as it was pushed.</summary>
internal sealed class CompressionSuite : IBenchmarkSuite
{
    private const string Decoder = "decoder110m-gqa";

    private static readonly string[] Passes =
    [
        "int8", "int8-block", "int4:block=32", "int4:block=32,rounding=gptq", "int8-dynamic", "int8-static", "fp16",
        "prune-structured:neurons=0.1", "prune-structured:neurons=0.25,heads=0.25", "distill:layers=3", "distill:layers=3 + int8",
    ];

    private readonly List<CompressionRow> _rows = [];

    public string Name => "compression";

    public async Task RunAsync(FigureWriter figures, CancellationToken cancellationToken)
    {
        LocalEngine.PrepareThreads();
        using var folder = new TemporaryFolder();
        SizeOfDecoder(figures, folder.File(Decoder));
        Partition(figures, ResNet18.Name, ResNet18.File, folder);
        foreach (var subject in CompressionSubject.All(folder))
        {
            if (subject.Name == MiniLm.Name)
                Partition(figures, subject.Name, subject.Graph, folder);
            var parent = await subject.PublishAsync(folder.File("store"), cancellationToken);
            using var source = await CandidateSource.OpenAsync(subject.Store, parent, subject.Graph, cancellationToken);
            foreach (var pass in Passes.Where(pass => subject.TrainingTexts.Count > 0 || !pass.StartsWith("distill", StringComparison.Ordinal)))
                await MeasureAsync(figures, subject, source, pass, cancellationToken);
            Show(figures);
        }
    }

    // After each model: the whole takes a while.
    private void Show(FigureWriter figures)
    {
        figures.Say(CompressionTable.Of(_rows));
        var plot = Path.Combine(Directory.CreateDirectory("artifacts").FullName, "compression.png");
        CompressionPlot.Save(_rows, plot);
        figures.Say($"plot: {plot}");
    }

    private static void SizeOfDecoder(FigureWriter figures, string folder)
    {
        figures.Say($"{Decoder}: int4");
        var graph = DecoderBuilder.WriteRandom(folder, DecoderModel.ShapeOf(Decoder));
        var model = ModelGraph.Read(graph);
        PassStep.Parse("int4").Apply(model);
        var (ours, baseline) = (ModelFiles.SizeOf(model.Write(folder + "-int4")), ModelFiles.SizeOf(graph));
        figures.Write(new Figure("compression", "int4_size", ours / (double)baseline, "ratio") { Model = Decoder, Ours = ours, Baseline = baseline });
    }

    private static void Partition(FigureWriter figures, string name, string graph, TemporaryFolder folder)
    {
        foreach (var stages in new[] { 2, 4 })
        {
            using var model = PartitionedModel.Write(ModelGraph.Read(graph), stages, folder.File($"{name}-{stages}"));
            var distance = model.DistanceFrom(graph);
            figures.Say($"{name} in {stages} stages of {string.Join(", ", model.Stages.Select(stage => stage.WeightBytes))} bytes: {distance:g2}");
            var metric = stages == 4 ? "partition_max_abs_diff" : $"partition_{stages}_max_abs_diff";
            figures.Write(new Figure("compression", metric, distance, "") { Model = name });
        }
    }

    private async Task MeasureAsync(
        FigureWriter figures, CompressionSubject subject, CandidateSource source, string pass, CancellationToken cancellationToken)
    {
        var terms = new CandidateTerms(subject.References, new GateThresholds { Cosine = null, Perplexity = null, PackedSize = null })
        {
            TrainingTexts = subject.TrainingTexts,
        };
        try
        {
            using var candidate = await Candidate.MakeAsync(source, [.. pass.Split(" + ").Select(PassStep.Parse)], terms, progress: null, cancellationToken);
            figures.Say($"{subject.Name} {pass}: file {candidate.FileSizeRatio:0.000}, "
                + string.Join(", ", candidate.Lineage.Figures.Select(figure => $"{figure.Name} {figure.Value:0.0000}"))
                + $" (on {candidate.Lineage.References}; {candidate.Lineage.Passes[0].Report}; up to {candidate.Batching.MaxBatch} rows)");
            _rows.Add(new CompressionRow(subject.Name, pass, candidate.FileSizeRatio, candidate.Lineage.Figures));
            Write("file_size", candidate.FileSizeRatio);
            foreach (var figure in candidate.Lineage.Figures)
                Write(MetricOf(figure), figure.Value);
        }
        catch (ModelRefusedException refused)
        {
            figures.Say($"{subject.Name} {pass}: {refused.Message}");
        }

        void Write(string what, double value) =>
            figures.Write(new Figure("compression", $"{PassOf(pass)}_{what}", value, "ratio") { Model = subject.Name });
    }

    private static string PassOf(string pass) => string.Concat(
        pass.Replace(":block=", "_", StringComparison.Ordinal).Replace("rounding=", "", StringComparison.Ordinal)
            .Replace(" + ", "_", StringComparison.Ordinal).Select(letter => char.IsAsciiLetterOrDigit(letter) ? letter : '_'));

    private static string MetricOf(EvaluationFigure figure) => figure.Name switch
    {
        FigureNames.PackedSize => "packed_size",
        FigureNames.Size => "unpacked_size",
        var name => name.Replace('-', '_'),
    };
}
