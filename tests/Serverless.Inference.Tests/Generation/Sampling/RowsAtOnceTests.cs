using Serverless.Inference.Generation.Sampling;

namespace Serverless.Inference.Tests.Generation.Sampling;

public sealed class RowsAtOnceTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(16)]
    [InlineData(1000)]
    public void Run_AnyCount_CallsForEachRowOnceAndEndsAfterAll(int rows)
    {
        var calls = new int[rows];

        RowsAtOnce.Run(rows, row => Interlocked.Increment(ref calls[row]));

        Assert.All(calls, count => Assert.Equal(1, count));
    }

    [Fact]
    public void Run_RowsWithSamplersOfTheirOwn_DrawWhatTheyWouldAlone()
    {
        const int Rows = 32;
        var options = new SamplingOptions { Temperature = 0.8f, TopP = 0.9f, RepetitionPenalty = 1.1f };
        var (together, alone) = (new int[Rows][], new int[Rows][]);

        RowsAtOnce.Run(Rows, row => together[row] = Draw(row));
        for (var row = 0; row < Rows; row++)
            alone[row] = Draw(row);

        Assert.Equal(alone, together);
        Assert.True(alone.Select(tokens => string.Join(' ', tokens)).Distinct().Count() > 1);

        int[] Draw(int row)
        {
            var sampler = new TokenSampler(options, [1, 2, 3], row, seed: 5, constraint: null);
            return [.. Enumerable.Range(0, 20).Select(step => sampler.Next(Logits(row, step), top: null, out _))];
        }

        static float[] Logits(int row, int step)
        {
            var random = new Random((row * 100) + step);
            return [.. Enumerable.Range(0, 5000).Select(_ => random.NextSingle() * 8)];
        }
    }
}
