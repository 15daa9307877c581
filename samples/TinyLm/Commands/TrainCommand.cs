using System.ComponentModel;
using System.Text;
using Spectre.Console;
using Spectre.Console.Cli;
using TinyLm.Corpus;
using TinyLm.Network;
using TinyLm.Packaging;
using TinyLm.Sampling;
using TinyLm.Tokens;
using TinyLm.Training;

namespace TinyLm.Commands;

/// <summary><c>train</c>: learns tokens and a decoder from the text, and goes on where a training was stopped.</summary>
internal sealed class TrainCommand(IAnsiConsole console) : Command<TrainCommand.Settings>
{
    internal sealed class Settings : CommandSettings
    {
        [CommandOption("--minutes")]
        [Description("How long to train, 25 unless said. The learning rate falls over this time.")]
        [DefaultValue(25.0)]
        public double Minutes { get; init; }

        [CommandOption("--steps")]
        [Description("How many steps instead of minutes: the outcome is the same every time.")]
        public int? Steps { get; init; }

        [CommandOption("--seed")]
        [Description("Another one makes another model.")]
        [DefaultValue(1)]
        public int Seed { get; init; }

        [CommandOption("--vocabulary")]
        [Description("How many tokens there are, 1024 unless said.")]
        [DefaultValue(1024)]
        public int Vocabulary { get; init; }

        [CommandOption("--output")]
        [Description("The folder that the package is written to.")]
        [DefaultValue(WorkFiles.Package)]
        public string Output { get; init; } = WorkFiles.Package;

        [CommandOption("--checkpoint")]
        [Description("Where a training is kept until it is complete, to go on with if it is stopped.")]
        [DefaultValue(WorkFiles.Checkpoint)]
        public string Checkpoint { get; init; } = WorkFiles.Checkpoint;

        public override ValidationResult Validate() => this switch
        {
            { Minutes: not (> 0 and <= 10_000) } => ValidationResult.Error("--minutes must be above 0 and at most 10000."),
            { Steps: < 1 } => ValidationResult.Error("--steps must be at least 1."),
            { Vocabulary: < 300 or > 4096 } => ValidationResult.Error("--vocabulary must be from 300 to 4096."),
            _ => ValidationResult.Success(),
        };
    }

    public override int Execute(CommandContext context, Settings settings, CancellationToken cancellationToken)
    {
        var plan = new TrainingPlan { Time = TimeSpan.FromMinutes(settings.Minutes), Steps = settings.Steps, Seed = settings.Seed };
        var chapters = BibleText.ReadAll();
        var (state, tokenizer) = File.Exists(settings.Checkpoint)
            ? Checkpoint.Read(settings.Checkpoint)
            : Begin(settings, chapters);
        var text = new TrainingText(chapters, tokenizer);
        console.MarkupLineInterpolated($"{state.Weights.Values.Length:N0} parameters, at step {state.Step}");
        console.MarkupLineInterpolated($"{text.Count:N0} tokens to train on, {text.HeldOut.Length:N0} held out");

        var trainer = new Trainer(plan, text, state);
        var complete = TrainingScreen.Run(
            console,
            report => trainer.Run(report, () => Checkpoint.Write(settings.Checkpoint, state, tokenizer), cancellationToken));
        if (!complete)
        {
            console.MarkupLineInterpolated($"Stopped after step {state.Step}; the same command goes on.");
            return 1;
        }

        DecoderPackage.Write(settings.Output, state.Weights, tokenizer);
        File.Delete(settings.Checkpoint);
        Summarize(settings.Output, plan, state, text, tokenizer);
        return 0;
    }

    private void Summarize(string output, TrainingPlan plan, TrainingState state, TrainingText text, BytePairTokenizer tokenizer)
    {
        var loss = HeldOutLoss.Measure(state.Weights, text.HeldOut, plan.ShortLength);
        var bytes = loss * text.HeldOut.Length / Encoding.UTF8.GetByteCount(tokenizer.Decode(text.HeldOut));
        console.MarkupLineInterpolated($"[green]✓[/] {output}: {state.Step:N0} steps in {state.Spent.TotalMinutes:0.0} minutes");
        console.MarkupLineInterpolated($"held-out loss {loss:0.000} nats per token, {bytes:0.000} per byte");
        var sample = new TextSampler(state.Weights).Continue([], most: 200, temperature: 0.8f, plan.Seed);
        console.Profile.Out.Writer.WriteLine(tokenizer.Decode(sample));
    }

    private static (TrainingState State, BytePairTokenizer Tokenizer) Begin(Settings settings, IReadOnlyList<Chapter> chapters)
    {
        var tokenizer = new BytePairTokenizer(
            BytePairTrainer.Train(TrainingText.Kept(chapters).Select(chapter => chapter.Text), settings.Vocabulary));
        var state = new TrainingState(new DecoderShape { Vocabulary = tokenizer.Count });
        state.Weights.Initialize(settings.Seed);
        return (state, tokenizer);
    }
}
