using Spectre.Console;
using Spectre.Console.Cli;
using TinyLm.Commands;
using TinyLm.Corpus;
using TinyLm.Network;
using TinyLm.Packaging;
using TinyLm.Tokens;
using TinyLm.Training;

namespace TinyLm.Tests.Commands;

public sealed class DistillCommandTests : IDisposable
{
    private static readonly string[] Verbs = ["said", "made", "saw", "called", "blessed"];
    private static readonly string[] Nouns = ["light", "day", "night", "firmament", "earth", "water", "grass"];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("tinylm-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Distill_OfATrainedTeacher_WritesAStudentThatForetellsTextAlmostAsWell()
    {
        var (text, chapters, tokenizer) = WriteText(paragraphs: 200);
        var teacher = Train(chapters, tokenizer);
        DecoderPackage.Write(PathOf("teacher"), teacher, tokenizer);

        var (code, output) = Run(
            "--teacher", PathOf("teacher"), "--text", text, "--layers", "1", "--hidden", "24", "--steps", "25", "--output", PathOf("student"),
            "--plot", PathOf("plot.png"));

        Assert.True(code == 0, output);
        var (student, read) = DecoderPackage.Read(PathOf("student"));
        Assert.Equal((1, 32, 24), (student.Shape.Layers, student.Shape.Width, student.Shape.Hidden));
        Assert.Equal(tokenizer.Merges, read.Merges);
        var heldOut = new TrainingText(chapters, tokenizer).HeldOut;
        var untrained = HeldOutLoss.Measure(Student.Begin(teacher, student.Shape, seed: 1), heldOut, 64);
        var (trained, best) = (HeldOutLoss.Measure(student, heldOut, 64), HeldOutLoss.Measure(teacher, heldOut, 64));
        Assert.True(trained < best + ((untrained - best) / 2), $"{untrained} untrained, {trained} trained, {best} of the teacher");
        var record = File.ReadAllText(Path.Combine(PathOf("student"), DistillCommand.Record));
        Assert.Matches("\"teacher\":\"[0-9a-f]{64}\",\"text\":\"[0-9a-f]{64}\",\"layers\":\"1\",.*\"steps\":\"25\"", record);
        Assert.InRange(new FileInfo(PathOf("plot.png")).Length, 1000, 1_000_000);
    }

    [Fact]
    public void Distill_OnTooLittleText_SaysHowMuchIsNeeded()
    {
        var (text, chapters, tokenizer) = WriteText(paragraphs: 30);
        var teacher = new DecoderWeights(ShapeOf(tokenizer));
        teacher.Initialize(1);
        DecoderPackage.Write(PathOf("teacher"), teacher, tokenizer);

        var (code, output) = Run("--teacher", PathOf("teacher"), "--text", text, "--output", PathOf("student"));

        Assert.NotEqual(0, code);
        Assert.Contains("more than 512 and 256 are", output.ReplaceLineEndings(" "), StringComparison.Ordinal);
        Assert.False(Directory.Exists(PathOf("student")));
        Assert.Equal(30, chapters.Count);
    }

    [Theory]
    [InlineData("--layers must be from 1 to 64", "--layers", "0")]
    [InlineData("--temperature must be from 0.5 to 20", "--temperature", "0")]
    [InlineData("--share must be from 0 to 1", "--share", "1.5")]
    [InlineData("There is no file 'nowhere'", "--text", "nowhere")]
    public void Distill_ThatCannotBe_SaysWhatCan(string why, params string[] arguments)
    {
        var (code, output) = Run(arguments);

        Assert.NotEqual(0, code);
        Assert.Contains(why, output, StringComparison.Ordinal);
    }

    private static DecoderWeights Train(IReadOnlyList<Chapter> chapters, BytePairTokenizer tokenizer)
    {
        var state = new TrainingState(ShapeOf(tokenizer));
        state.Weights.Initialize(1);
        var plan = new TrainingPlan { Steps = 60, Shards = 4, ShardTokens = 128, ShortLength = 64, PeakRate = 1e-2f, ChatShare = 0 };
        new Trainer(plan, new TrainingText(chapters, tokenizer), state).Run(_ => { }, () => { }, CancellationToken.None);
        return state.Weights;
    }

    private static DecoderShape ShapeOf(BytePairTokenizer tokenizer) => new()
    {
        Vocabulary = tokenizer.Count,
        Layers = 2,
        Width = 32,
        Heads = 2,
        KeyValueHeads = 1,
        HeadSize = 16,
        Hidden = 40,
        Context = 512,
    };

    private static (int Code, string Output) Run(params string[] arguments)
    {
        using var output = new StringWriter();
        var app = new CommandApp<DistillCommand>();
        app.Configure(configuration => configuration.ConfigureConsole(
            AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(output), Interactive = InteractionSupport.No })));
        return (app.Run(arguments), output.ToString());
    }

    private (string Path, IReadOnlyList<Chapter> Chapters, BytePairTokenizer Tokenizer) WriteText(int paragraphs)
    {
        var texts = Enumerable.Range(0, paragraphs).Select(i =>
            $"Day {i}\nAnd God {Verbs[i % 5]} the {Nouns[i % 7]}, and it was good.\nAnd God {Verbs[(i + 1) % 5]} the {Nouns[(i + 2) % 7]} upon the {Nouns[(i + 3) % 7]}.");
        File.WriteAllText(PathOf("text"), string.Join("\n\n", texts));
        var chapters = TextFile.Read(PathOf("text"));
        return (PathOf("text"), chapters, new BytePairTokenizer(BytePairTrainer.Train(chapters.Select(chapter => chapter.Text), 300)));
    }

    private string PathOf(string name) => Path.Combine(_folder.FullName, name);
}
