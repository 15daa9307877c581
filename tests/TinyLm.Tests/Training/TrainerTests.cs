using TinyLm.Corpus;
using TinyLm.Network;
using TinyLm.Tokens;
using TinyLm.Training;

namespace TinyLm.Tests.Training;

public sealed class TrainerTests : IDisposable
{
    private static readonly IReadOnlyList<Chapter> Chapters =
    [
        .. Enumerable.Range(1, 40).Select(number => new Chapter(
            $"Genesis {number}",
            [
                "And God said, Let there be light: and there was light.",
                "And God saw the light, that it was good.",
                "And there was evening.",
            ])),
    ];

    private static readonly BytePairTokenizer Tokenizer = new(BytePairTrainer.Train(Chapters.Select(chapter => chapter.Text), 280));
    private static readonly TrainingText Text = new(Chapters, Tokenizer);

    private readonly string _checkpoint = Path.GetTempFileName();

    public void Dispose() => File.Delete(_checkpoint);

    [Fact]
    public void Run_OnRepeatedText_LearnsIt()
    {
        var state = Begin();
        var before = HeldOutLoss.Measure(state.Weights, Text.HeldOut, 16);

        var complete = new Trainer(Plan(60), Text, state).Run(_ => { }, () => { }, CancellationToken.None);

        Assert.True(complete);
        Assert.Equal(60, state.Step);
        Assert.True(state.Losses[^1].HeldOut < before / 3, $"from {before} to {state.Losses[^1].HeldOut} only");
    }

    [Fact]
    public void Run_StoppedAndGoneOnWith_EndsWhereItWouldHaveEnded()
    {
        var straight = Begin();
        new Trainer(Plan(8), Text, straight).Run(_ => { }, () => { }, CancellationToken.None);

        var stopped = Begin();
        using var stopping = new CancellationTokenSource();
        var complete = new Trainer(Plan(8), Text, stopped).Run(_ => stopping.Cancel(), () => { }, stopping.Token);
        Checkpoint.Write(_checkpoint, stopped, Tokenizer);
        var (resumed, tokenizer) = Checkpoint.Read(_checkpoint);
        new Trainer(Plan(8), Text, resumed).Run(_ => { }, () => { }, CancellationToken.None);

        Assert.False(complete);
        Assert.InRange(stopped.Step, 1, 7);
        Assert.Equal(straight.Weights.Values, resumed.Weights.Values);
        Assert.Equal(Tokenizer.Merges, tokenizer.Merges);
    }

    [Fact]
    public void Read_OfFileThatIsNoCheckpoint_SaysSo()
    {
        File.WriteAllText(_checkpoint, "nothing");

        Assert.Throws<InvalidDataException>(() => Checkpoint.Read(_checkpoint));
    }

    [Fact]
    public void FillChat_OfAnyRow_TakesTurnsInTheTemplatesForm()
    {
        var row = new int[200];
        Text.FillChat(row, new TinyLm.Numerics.Noise(2));

        int[] start = [SpecialTokens.TurnStart, .. Tokenizer.Encode("user\nAnd")];
        Assert.Equal(start, row[..start.Length]);
        var specials = row.Where(token => token < SpecialTokens.Count).ToArray();
        Assert.Equal([SpecialTokens.TurnStart, SpecialTokens.TurnEnd, SpecialTokens.TurnStart, SpecialTokens.TurnEnd], specials[..4]);
        Assert.Contains("assistant\nAnd ", Tokenizer.Decode(row), StringComparison.Ordinal);
    }

    private static TrainingPlan Plan(int steps) =>
        new() { Steps = steps, Shards = 3, ShardTokens = 32, ShortLength = 16, PeakRate = 1e-2f };

    private static TrainingState Begin()
    {
        var state = new TrainingState(new DecoderShape
        {
            Vocabulary = Tokenizer.Count,
            Layers = 1,
            Width = 32,
            Heads = 2,
            KeyValueHeads = 1,
            HeadSize = 16,
            Hidden = 32,
            Context = 64,
        });
        state.Weights.Initialize(1);
        return state;
    }
}
