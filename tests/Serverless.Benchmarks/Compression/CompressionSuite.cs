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
        "int8", "int8-block", "int4:block=32", "int4:block=32,rounding=gptq", "int4:block=128", "int4:block=32,symmetric=false", "int8-dynamic",
        "int8-dynamic:rows=false", "int8-static", "fp16",
    ];

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
            foreach (var pass in Passes)
                await MeasureAsync(figures, subject, source, pass, cancellationToken);
        }
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

    private static async Task MeasureAsync(
        FigureWriter figures, CompressionSubject subject, CandidateSource source, string pass, CancellationToken cancellationToken)
    {
        var terms = new CandidateTerms(subject.References, new GateThresholds { Cosine = null, Perplexity = null, PackedSize = null });
        try
        {
            using var candidate = await Candidate.MakeAsync(source, [PassStep.Parse(pass)], terms, progress: null, cancellationToken);
            figures.Say($"{subject.Name} {pass}: file {candidate.FileSizeRatio:0.000}, "
                + string.Join(", ", candidate.Lineage.Figures.Select(figure => $"{figure.Name} {figure.Value:0.0000}"))
                + $" (on {candidate.Lineage.References}; {candidate.Lineage.Passes[0].Report}; up to {candidate.Batching.MaxBatch} rows)");
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

    private static string PassOf(string pass) =>
        pass.Replace(":block=", "_", StringComparison.Ordinal).Replace(",symmetric=false", "_asymmetric", StringComparison.Ordinal)
            .Replace(",rounding=gptq", "_gptq", StringComparison.Ordinal).Replace(":rows=false", "_whole", StringComparison.Ordinal).Replace('-', '_');

    private static string MetricOf(EvaluationFigure figure) => figure.Name switch
    {
        FigureNames.PackedSize => "packed_size",
        FigureNames.Size => "unpacked_size",
        var name => name.Replace('-', '_'),
    };
}
