using System.ComponentModel;
using System.Globalization;
using Serverless.Contracts.Models;
using Serverless.Inference.Onnx.Preparation;
using Serverless.Models.Manifest;
using Spectre.Console;
using Spectre.Console.Cli;

namespace Serverless.Cli.Models.Optimization;

/// <summary>Options of <c>infer model partition</c>.</summary>
internal sealed class PartitionSettings : StoreSettings
{
    private const string Cpu = "cpu";
    private const string Any = "any";

    [CommandArgument(0, "<GRAPH>")]
    [Description("The .onnx file, or the sample model minilm.")]
    public string Graph { get; init; } = "";

    [CommandOption("--stages <N>")]
    [Description("How many stages, 2 to 64; 2 unless set.")]
    public int Stages { get; init; } = 2;

    [CommandOption("--output <FOLDER>")]
    [Description("Where to write stage-1/model.onnx and so on; may be left out with --push.")]
    public string? Output { get; init; }

    [CommandOption("--max-difference <VALUE>")]
    [Description("How far a number may be from the whole model's; 0.00001 unless set.")]
    public double MaxDifference { get; init; } = 1e-5;

    [CommandOption("--push <NAME>")]
    [Description("Publish the stages as the next version of this model.")]
    public string? Push { get; init; }

    [CommandOption("--place <STAGE=WORKERS>")]
    [Description("The workers that serve a stage, for example 2=second. May be given for each stage but the first.")]
    public string[] Places { get; init; } = [];

    [CommandOption("--alias <ALIAS>")]
    [Description("Point this alias to what was published.")]
    public string? Alias { get; init; }

    [CommandOption("--file <FILE>")]
    [Description("Another file of the package, for example vocab.txt. May be given several times.")]
    public string[] Files { get; init; } = [];

    [CommandOption("--task <TASK>")]
    [Description("What the model does: text-embedding or generic.")]
    public string? ModelTask { get; init; }

    [CommandOption("--provider <PROVIDER>")]
    [Description("What to optimise for: cpu (default), or any: the worker then finishes the work at each load.")]
    public string Provider { get; init; } = Cpu;

    [CommandOption("--max-batch <ROWS>")]
    [Description("The most rows that are proved to run together in a stage, 1 to 1024; 32 unless set.")]
    public int MaxBatch { get; init; } = 32;

    /// <summary>Whether the graph is that of a sample model.</summary>
    public bool IsSample => SampleDraft.Names.Contains(Graph);

    public override ValidationResult Validate()
    {
        if (!IsSample && !File.Exists(Graph))
            return ValidationResult.Error($"There is no file '{Graph}'.");
        if (Output is null && Push is null)
            return ValidationResult.Error("Say where to write the stages with --output FOLDER, or what to publish them as with --push NAME.");
        if (Push is not null && !ModelName.IsValid(Push))
            return ValidationResult.Error($"'{Push}' cannot name a model: names match {ModelName.Pattern}.");
        if (Push is null && (Places.Length > 0 || Alias is not null))
            return ValidationResult.Error("--place and --alias are about what --push NAME publishes.");
        if (Places.FirstOrDefault(place => ReadPlace(place) is null) is { } bad)
            return ValidationResult.Error($"--place must be STAGE=WORKERS, such as 2=second, not '{bad}'.");
        if (Places.DistinctBy(place => ReadPlace(place)!.Value.Stage).Count() != Places.Length)
            return ValidationResult.Error("--place is given twice for one stage.");
        if (ModelTask is not (null or ModelTasks.TextEmbedding or ModelTasks.Generic))
            return ValidationResult.Error($"--task must be {ModelTasks.TextEmbedding} or {ModelTasks.Generic}, not '{ModelTask}'.");
        if (Provider is not (Cpu or Any))
            return ValidationResult.Error($"--provider must be {Cpu} or {Any}, not '{Provider}'.");
        if (MaxBatch is < 1 or > 1024)
            return ValidationResult.Error($"--max-batch must be 1 to 1024, not {MaxBatch}.");
        if (Files.FirstOrDefault(file => !File.Exists(file)) is { } missing)
            return ValidationResult.Error($"There is no file '{missing}'.");
        return Stages is >= 2 and <= 64 ? ValidationResult.Success() : ValidationResult.Error($"--stages must be 2 to 64, not {Stages}.");
    }

    /// <summary>How the stages are prepared.</summary>
    /// <param name="task">What the source is known to do.</param>
    public PreparationOptions ToOptions(string? task) => new()
    {
        Provider = Provider == Any ? null : Provider,
        Task = ModelTask ?? task,
        MaxBatch = MaxBatch,
    };

    /// <summary>The names of <see cref="Places"/>, by stage.</summary>
    public IReadOnlyDictionary<int, string> ReadPlaces() =>
        Places.Select(place => ReadPlace(place)!.Value).ToDictionary(place => place.Stage, place => place.Name);

    private static (int Stage, string Name)? ReadPlace(string text) =>
        text.Split('=', 2) is [var stage, var name] && ModelName.IsValid(name)
        && int.TryParse(stage, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? (number, name)
            : null;
}
