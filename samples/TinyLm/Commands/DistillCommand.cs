using System.ComponentModel;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Spectre.Console;
using Spectre.Console.Cli;
using TinyLm.Corpus;
using TinyLm.Packaging;
using TinyLm.Training;

namespace TinyLm.Commands;

/// <summary>
/// <c>distill</c>: trains a smaller student on the answers of a model that was trained here, and on a text. <c>infer model optimize
/// --candidate</c> holds it against its teacher.
/// </summary>
internal sealed class DistillCommand(IAnsiConsole console) : Command<DistillCommand.Settings>
{
    /// <summary>Beside the student's graph: what it was made from.</summary>
    public const string Record = "training.json";

    private const int Points = 20;

    internal sealed class Settings : CommandSettings
    {
        [CommandOption("--teacher")]
        [Description("The teacher's package.")]
        [DefaultValue(WorkFiles.Package)]
        public string Teacher { get; init; } = WorkFiles.Package;

        [CommandOption("--text")]
        [Description("A text to train on, its paragraphs with empty lines between them; the King James Bible unless said.")]
        public string? Text { get; init; }

        [CommandOption("--layers")]
        [Description("How many of the teacher's layers it has, 2 unless said.")]
        [DefaultValue(2)]
        public int Layers { get; init; }

        [CommandOption("--width")]
        [Description("Numbers for each position between layers, as many as the teacher has unless said.")]
        public int? Width { get; init; }

        [CommandOption("--hidden")]
        [Description("Numbers for each position inside the feed-forward part, as many as the teacher has unless said.")]
        public int? Hidden { get; init; }

        [CommandOption("--steps")]
        [Description("How many steps, 300 unless said.")]
        [DefaultValue(300)]
        public int Steps { get; init; }

        [CommandOption("--temperature")]
        [Description("What logits are divided by before they are compared, 2 unless said.")]
        [DefaultValue(2f)]
        public float Temperature { get; init; }

        [CommandOption("--share")]
        [Description("The share of the loss that is about the teacher's answers, 0.5 unless said; the rest is about the text.")]
        [DefaultValue(0.5f)]
        public float Share { get; init; }

        [CommandOption("--seed")]
        [Description("Another one makes another student.")]
        [DefaultValue(1)]
        public int Seed { get; init; }

        [CommandOption("--output")]
        [Description("The folder that the student's package is written to.")]
        [DefaultValue(WorkFiles.Student)]
        public string Output { get; init; } = WorkFiles.Student;

        [CommandOption("--plot")]
        [Description("Where to draw how the loss fell, as PNG.")]
        public string? Plot { get; init; }

        public override ValidationResult Validate() => this switch
        {
            { Layers: < 1 or > 64 } => ValidationResult.Error("--layers must be from 1 to 64."),
            { Width: < 8 or > 1024 } => ValidationResult.Error("--width must be from 8 to 1024."),
            { Hidden: < 8 or > 4096 } => ValidationResult.Error("--hidden must be from 8 to 4096."),
            { Steps: < 1 or > 1_000_000 } => ValidationResult.Error("--steps must be from 1 to 1000000."),
            { Temperature: not (>= 0.5f and <= 20) } => ValidationResult.Error("--temperature must be from 0.5 to 20."),
            { Share: not (>= 0 and <= 1) } => ValidationResult.Error("--share must be from 0 to 1."),
            { Text: { } text } when !File.Exists(text) => ValidationResult.Error($"There is no file '{text}'."),
            _ => ValidationResult.Success(),
        };
    }

    public override int Execute(CommandContext context, Settings settings, CancellationToken cancellationToken)
    {
        var (teacher, tokenizer) = DecoderPackage.Read(settings.Teacher);
        var shape = teacher.Shape with
        {
            Layers = Math.Min(settings.Layers, teacher.Shape.Layers),
            Width = settings.Width ?? teacher.Shape.Width,
            Hidden = settings.Hidden ?? teacher.Shape.Hidden,
        };
        var chapters = settings.Text is { } file ? TextFile.Read(file) : BibleText.ReadAll();
        var plan = PlanOf(settings);
        var text = new TrainingText(chapters, tokenizer);
        if (text.Count <= plan.ShardTokens || text.HeldOut.Length <= plan.ShortLength)
        {
            throw new InvalidDataException(
                $"The text has {text.Count} tokens to train on and {text.HeldOut.Length} in every twentieth paragraph, which is held out: "
                + $"more than {plan.ShardTokens} and {plan.ShortLength} are needed.");
        }

        var state = new TrainingState(Student.Begin(teacher, shape, settings.Seed));
        var trainer = new Trainer(plan, text, state, new Teacher(teacher)
        {
            Temperature = settings.Temperature,
            Share = settings.Share,
        });
        console.MarkupLineInterpolated($"{state.Weights.Values.Length:N0} parameters of the teacher's {teacher.Values.Length:N0}");
        if (!TrainingScreen.Run(console, report => trainer.Run(report, () => { }, cancellationToken)))
        {
            console.MarkupLineInterpolated($"Stopped after step {state.Step}; nothing was written.");
            return 1;
        }

        DecoderPackage.Write(settings.Output, state.Weights, tokenizer);
        WriteRecord(settings, chapters, state);
        if (settings.Plot is { } plot)
            LossPlot.Save(state.Losses, $"{shape.Layers} of {teacher.Shape.Layers} layers, {shape.Width} wide", plot);
        console.MarkupLineInterpolated($"[green]✓[/] {settings.Output}: held-out loss {state.Losses[0].HeldOut:0.000} to {state.Losses[^1].HeldOut:0.000}");
        return 0;
    }

    // The learning rate of a decoder that begins with layers that were trained; conversations are the Bible's.
    private static TrainingPlan PlanOf(Settings settings) => new()
    {
        Steps = settings.Steps,
        Seed = settings.Seed,
        PeakRate = 2e-3f,
        ChatShare = settings.Text is null ? new TrainingPlan().ChatShare : 0,
        MeasureEverySteps = Math.Max(1, settings.Steps / Points),
    };

    private static void WriteRecord(Settings settings, IReadOnlyList<Chapter> chapters, TrainingState state)
    {
        string Number(double number) => number.ToString("0.####", CultureInfo.InvariantCulture);
        var graph = File.ReadAllBytes(Path.Combine(settings.Teacher, "model.onnx"));
        var text = Encoding.UTF8.GetBytes(string.Concat(chapters.Select(chapter => chapter.Text)));
        File.WriteAllText(Path.Combine(settings.Output, Record), JsonSerializer.Serialize(new Dictionary<string, string>
        {
            ["teacher"] = Convert.ToHexStringLower(SHA256.HashData(graph)),
            ["text"] = Convert.ToHexStringLower(SHA256.HashData(text)),
            ["layers"] = Number(state.Weights.Shape.Layers),
            ["width"] = Number(state.Weights.Shape.Width),
            ["hidden"] = Number(state.Weights.Shape.Hidden),
            ["steps"] = Number(state.Step),
            ["temperature"] = Number(settings.Temperature),
            ["share"] = Number(settings.Share),
            ["loss"] = Number(state.Losses[^1].Training),
            ["held-out"] = Number(state.Losses[^1].HeldOut),
        }));
    }
}
