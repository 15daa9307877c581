using Serverless.Inference.Generation;
using Serverless.Inference.Generation.Loop;

namespace Serverless.Inference.Tests.Generation.Loop;

public sealed class PrefillPaceTests
{
    // As measured at 512 tokens of context: a step of eight texts takes 18 ms, a chunk of 4 tokens 12 ms, of 16 22 ms.
    private const double Step = 0.018;

    private readonly PrefillPace _pace = new(new GenerationOptions { MaxChunk = 256 }, 256);

    [Fact]
    public void Next_NobodyElseRuns_TakesTheLongestChunk() => Assert.Equal(256, _pace.Next(rows: 0, waiting: 1));

    [Fact]
    public void Next_NothingKnown_BeginsSmall() => Assert.Equal(16, _pace.Next(rows: 8, waiting: 1));

    [Fact]
    public void Next_WhileOthersRun_ComesToTheChunkThatTheyCanBear()
    {
        var chunk = Settle(rows: 8, waiting: 1);

        Assert.InRange(Cost(chunk) / Step, 1, 1.3);
    }

    [Fact]
    public void Next_MoreWaitThanRun_HoldsUpTheFewForTheMany()
    {
        Settle(rows: 2, waiting: 1);

        Assert.InRange(_pace.Next(rows: 2, waiting: 14), 80, 256);
        Assert.InRange(_pace.Next(rows: 2, waiting: 1), 8, 32);
    }

    [Fact]
    public void Next_OneChunkTakesLong_ComesBackToThePace()
    {
        Settle(rows: 8, waiting: 1);
        _pace.Chunk(16, TimeSpan.FromSeconds(2));

        var chunk = Settle(rows: 8, waiting: 1);

        Assert.InRange(Cost(chunk) / Step, 0.95, 1.4);
    }

    [Fact]
    public void Next_StepsTooShortForAnyChunk_TakesTheShortest()
    {
        _pace.Step(1, TimeSpan.FromMilliseconds(2));
        _pace.Chunk(16, TimeSpan.FromMilliseconds(22));

        Assert.Equal(8, _pace.Next(rows: 1, waiting: 1));
    }

    private static double Cost(int tokens) => 0.0087 + (0.00083 * tokens);

    private int Settle(int rows, int waiting)
    {
        var chunk = 0;
        for (var i = 0; i < 60; i++)
        {
            chunk = _pace.Next(rows, waiting);
            _pace.Chunk(chunk, TimeSpan.FromSeconds(Cost(chunk)));
            _pace.Step(rows, TimeSpan.FromSeconds(Step));
        }

        return chunk;
    }
}
