using System.ComponentModel;
using Serverless.Models.Manifest;
using Serverless.Optimization.Candidates;
using Serverless.Optimization.Evaluation;
using Serverless.Optimization.Passes;
using Spectre.Console;
using Spectre.Console.Cli;

namespace Serverless.Cli.Models.Optimization;

/// <summary>Options of <c>infer model optimize</c>.</summary>
internal sealed class OptimizeSettings : StoreSettings
{
    private const int MaxTexts = 10_000;
    private const long MaxTextBytes = 16 << 20;

    [CommandArgument(0, "<MODEL>")]
    [Description("The version to start from: name for the newest, name:version or name:alias.")]
    public string Model { get; init; } = "";

    [CommandArgument(1, "[GRAPH]")]
    [Description("The .onnx file that it was pushed from. Without one, sample models use their own, others the graph in the store.")]
    public string? Graph { get; init; }

    [CommandOption("--pass <PASS>")]
    [Description("What to do, in order: NAME or NAME:parameter=value,… May be given several times.")]
    public string[] Passes { get; init; } = [];

    [CommandOption("--candidate <GRAPH>")]
    [Description("An .onnx file that was made elsewhere, such as a student: it is held against the parent, after the passes if there are any.")]
    public string? Candidate { get; init; }

    [CommandOption("--search")]
    [Description("Try a list of candidates and go on with the smallest that is accepted.")]
    public bool Search { get; init; }

    [CommandOption("--plot <FILE>")]
    [Description("Where --search draws its candidates, or distill how its student learnt, as PNG.")]
    public string? Plot { get; init; }

    [CommandOption("--texts <FILE>")]
    [Description("Real texts to compare on, one on each line: for text embedders and decoders.")]
    public string? Texts { get; init; }

    [CommandOption("--training <FILE>")]
    [Description("Real texts that distill trains on, one on each line; those of --texts are left out.")]
    public string? Training { get; init; }

    [CommandOption("--inputs <FILE>")]
    [Description("Real inputs to compare on: a request of one row (Open Inference Protocol) on each line. Without it they are made up.")]
    public string? Inputs { get; init; }

    [CommandOption("--min-cosine <VALUE>")]
    [Description("The least mean cosine of the answers to the parent's; 0.99 unless set.")]
    public double? MinCosine { get; init; }

    [CommandOption("--min-top1 <SHARE>")]
    [Description("The least share of answers with the same first choice.")]
    public double? MinTop1 { get; init; }

    [CommandOption("--max-error <VALUE>")]
    [Description("The largest difference that a number of an answer may have.")]
    public double? MaxError { get; init; }

    [CommandOption("--max-perplexity <RATIO>")]
    [Description("The most that the perplexity of the texts may be over the parent's; 1.05 unless set.")]
    public double? MaxPerplexity { get; init; }

    [CommandOption("--max-size <RATIO>")]
    [Description("The largest stored size over the parent's; 1 unless set.")]
    public double? MaxSize { get; init; }

    [CommandOption("--min-throughput <RATIO>")]
    [Description("The least throughput over the parent's, as served.")]
    public double? MinThroughput { get; init; }

    [CommandOption("--max-batch <ROWS>")]
    [Description("The most rows that are proved to run together, 1 to 1024; as many as the parent's unless set.")]
    public int? MaxBatch { get; init; }

    [CommandOption("--alias <ALIAS>")]
    [Description("An alias to point to the version, if it is accepted.")]
    public string? Alias { get; init; }

    [CommandOption("--dry-run")]
    [Description("Measure, and publish nothing.")]
    public bool DryRun { get; init; }

    public override ValidationResult Validate()
    {
        if (Search == (Passes.Length > 0 || Candidate is not null))
            return ValidationResult.Error($"Say what to do with --pass: {string.Join(", ", PassCatalog.Names)}; or leave it to --search.");
        if (Plot is not null && !Search && !Passes.Any(IsDistill))
            return ValidationResult.Error("--plot draws what --search tries, or how a student of distill learnt.");
        if (MaxBatch is < 1 or > 1024)
            return ValidationResult.Error($"--max-batch must be 1 to 1024, not {MaxBatch}.");
        if (new[] { Graph, Candidate, Texts, Training, Inputs }.FirstOrDefault(file => file is not null && !File.Exists(file)) is { } missing)
            return ValidationResult.Error($"There is no file '{missing}'.");
        return ValidationResult.Success();
    }

    /// <exception cref="ArgumentException">A pass cannot be; the message says what can.</exception>
    public IReadOnlyList<IReadOnlyList<PassStep>> ReadPasses(ModelManifest parent) =>
        Search ? SearchSpace.For(parent) : [[.. Passes.Select(PassStep.Parse)]];

    /// <exception cref="ArgumentException">A file cannot be read as what it should be.</exception>
    public CandidateTerms ReadTerms()
    {
        var usual = new GateThresholds();
        var references = new ReferenceInputs
        {
            Texts = Texts is { } texts ? ReadTexts(texts) : [],
            Rows = Inputs is { } inputs ? SampleFile.Read(inputs) : [],
        };
        return new CandidateTerms(references, new GateThresholds
        {
            Cosine = MinCosine ?? usual.Cosine,
            Top1 = MinTop1,
            MaxError = MaxError,
            Perplexity = MaxPerplexity ?? usual.Perplexity,
            PackedSize = MaxSize ?? usual.PackedSize,
            Throughput = MinThroughput,
        })
        {
            MaxBatch = MaxBatch,
            TrainingTexts = Training is { } training ? ReadTexts(training) : [],
        };
    }

    private static bool IsDistill(string pass) => pass.Split(':')[0] == "distill";

    private static List<string> ReadTexts(string path)
    {
        if (new FileInfo(path).Length > MaxTextBytes)
            throw new ArgumentException($"{path} is larger than the {MaxTextBytes} bytes that texts may take.");
        var texts = File.ReadLines(path).Where(line => !string.IsNullOrWhiteSpace(line)).Take(MaxTexts).ToList();
        return texts.Count > 0 ? texts : throw new ArgumentException($"{path} has no texts.");
    }
}
