using System.ComponentModel;
using System.Diagnostics;
using Serverless.Contracts.Models;
using Serverless.Inference.Onnx.Preparation;
using Serverless.Inference.Onnx.Preparation.Decoders;
using Serverless.Models.Codecs;
using Serverless.Models.Manifest;
using Serverless.Models.Publishing;
using Spectre.Console;
using Spectre.Console.Cli;

namespace Serverless.Cli.Models;

/// <summary><c>infer model push NAME GRAPH.onnx</c>: prepares a model and publishes it as its next version.</summary>
internal sealed class ModelPushCommand(IAnsiConsole console) : AsyncCommand<ModelPushCommand.Settings>
{
    internal sealed class Settings : StoreSettings
    {
        [CommandArgument(0, "<NAME>")]
        [Description("The model's name.")]
        public string Name { get; init; } = "";

        [CommandArgument(1, "[GRAPH]")]
        [Description("The .onnx file, or a decoder's folder. Without one, NAME must be a sample model: minilm or tinylm.")]
        public string? Graph { get; init; }

        [CommandOption("--file <FILE>")]
        [Description("Another file of the package, for example vocab.txt. May be given several times.")]
        public string[] Files { get; init; } = [];

        [CommandOption("--task <TASK>")]
        [Description("What the model does: text-embedding, text-generation (found by itself from a decoder's inputs) or generic.")]
        public string? Task { get; init; }

        [CommandOption("--provider <PROVIDER>")]
        [Description("What to optimise for: cpu (default), or any: the worker then finishes the work at each load.")]
        public string Provider { get; init; } = Cpu;

        [CommandOption("--bind-to-processor")]
        [Description("Lay convolutions out for processors like this machine's. Loads faster, and on no others.")]
        public bool BindToProcessor { get; init; }

        [CommandOption("--max-batch <ROWS>")]
        [Description("The most rows that are proved to run together, 1 to 1024; 32 unless set.")]
        public int MaxBatch { get; init; } = 32;

        [CommandOption("--sample <FILE>")]
        [Description("Real inputs for the proof: a request of one row (Open Inference Protocol) on each line.")]
        public string? Sample { get; init; }

        [CommandOption("--lossy <CODEC>")]
        [Description("Store float weights as fp16, bf16 or int8. They are served as floats, slightly changed; the summary says by how much.")]
        public string? Lossy { get; init; }

        [CommandOption("--link <MB/S>")]
        [Description("Speed of the link that the package will be loaded over, which decides what compression pays; 100 unless set.")]
        public double Link { get; init; } = 100;

        [CommandOption("--label <NAME=VALUE>")]
        [Description("A label. May be given several times.")]
        public string[] Labels { get; init; } = [];

        public override ValidationResult Validate()
        {
            if (!ModelName.IsValid(Name))
                return ValidationResult.Error($"'{Name}' cannot name a model: names match {ModelName.Pattern}.");
            if (Provider is not (Cpu or Any))
                return ValidationResult.Error($"--provider must be {Cpu} or {Any}, not '{Provider}'.");
            if (MaxBatch is < 1 or > 1024)
                return ValidationResult.Error($"--max-batch must be 1 to 1024, not {MaxBatch}.");
            if (Lossy is not (null or "fp16" or "bf16" or "int8"))
                return ValidationResult.Error($"--lossy must be fp16, bf16 or int8, not '{Lossy}'.");
            if (!(Link > 0))
                return ValidationResult.Error($"--link must be more than 0, not {Link}.");
            if (Graph is null)
            {
                return SampleDraft.Names.Contains(Name) && Files.Length == 0
                    ? ValidationResult.Success()
                    : ValidationResult.Error($"Name the .onnx file; only the sample models {string.Join(" and ", SampleDraft.Names)} come without one.");
            }

            if (Task is not null && !ModelTasks.All.Contains(Task))
                return ValidationResult.Error($"--task must be one of {string.Join(", ", ModelTasks.All)}, not '{Task}'.");
            if (!Directory.Exists(Graph) && !File.Exists(Graph))
                return ValidationResult.Error($"There is no file '{Graph}'.");
            if (Files.Concat(Sample is null ? [] : [Sample]).FirstOrDefault(file => !File.Exists(file)) is { } missing)
                return ValidationResult.Error($"There is no file '{missing}'.");
            return Labels.FirstOrDefault(label => !label.Contains('=', StringComparison.Ordinal)) is { } bad
                ? ValidationResult.Error($"--label must be NAME=VALUE, not '{bad}'.")
                : ValidationResult.Success();
        }
    }

    private const string Cpu = "cpu";
    private const string Any = "any";

    public override async Task<int> ExecuteAsync(CommandContext context, Settings settings, CancellationToken cancellationToken)
    {
        using var sample = settings.Graph is null ? SampleDraft.Of(settings.Name) : null;
        var source = sample?.Source ?? new PushSource(DecoderFiles.FindGraph(settings.Graph!), settings.Files, Task: null);
        var task = settings.Task ?? source.Task;
        var options = new PreparationOptions
        {
            Provider = settings.Provider == Any ? null : settings.Provider,
            BindToProcessor = settings.BindToProcessor,
            Task = task,
            MaxBatch = settings.MaxBatch,
            Samples = settings.Sample is { } file ? SampleFile.Read(file) : [],
        };
        var store = settings.Open();
        var started = Stopwatch.GetTimestamp();
        var manifest = await PushProgress.RunAsync(console, async progress =>
        {
            using var prepared = await GraphPreparation.RunAsync(source.Graph, options, progress, cancellationToken);
            var draft = prepared.ToDraft(settings.Name, source.Files);
            draft = draft with
            {
                Task = task ?? draft.Task,
                Labels = LabelsOf(settings),
                Codecs = CodecsOf(settings),
            };
            return await new ModelPublisher(store).PublishAsync(draft, progress, cancellationToken);
        });
        PushSummary.Show(console, manifest, Stopwatch.GetElapsedTime(started));
        return 0;
    }

    private static Dictionary<string, string> LabelsOf(Settings settings) =>
        settings.Labels.Select(label => label.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair[1]);

    private static CodecPolicy CodecsOf(Settings settings) => new()
    {
        Lossy = settings.Lossy switch
        {
            "fp16" => LossyCodec.Fp16,
            "bf16" => LossyCodec.Bf16,
            "int8" => LossyCodec.Int8Block,
            _ => LossyCodec.None,
        },
        LinkMegabytesPerSecond = settings.Link,
    };
}
