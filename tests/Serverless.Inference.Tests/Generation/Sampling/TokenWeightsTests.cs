using Serverless.Inference.Generation.Sampling;

namespace Serverless.Inference.Tests.Generation.Sampling;

public sealed class TokenWeightsTests
{
    [Theory]
    [InlineData(0, 0, 1, new[] { 0, 1, 2, 3, 4 })]
    [InlineData(0.3, 0, 1, new[] { 1, 2, 3 })]
    [InlineData(0, 2, 1, new[] { 1, 2 })]
    [InlineData(0, 1, 1, new[] { 1 })]
    [InlineData(0, 0, 0, new[] { 1 })]
    [InlineData(0, 0, 0.4, new[] { 1 })]
    [InlineData(0, 0, 0.5, new[] { 1, 2 })]
    [InlineData(0, 0, 0.8, new[] { 1, 2, 3 })]
    [InlineData(0, 3, 0.5, new[] { 1 })]
    [InlineData(0.3, 2, 0.9, new[] { 1, 2 })]
    public void Reduce_Rules_KeepTheTokensTheyName(double minP, int topK, double topP, int[] kept)
    {
        // Probabilities 0.04, 0.44, 0.22, 0.22, 0.09.
        var weights = new[] { 0.08f, 1, 0.5f, 0.5f, 0.2f };

        TokenWeights.Reduce(weights, new SamplingOptions { MinP = (float)minP, TopK = topK, TopP = (float)topP });

        Assert.Equal(kept, Kept(weights));
    }

    [Theory]
    [InlineData(1, 50_257)]
    [InlineData(2, 50_257)]
    [InlineData(3, 1_000)]
    [InlineData(4, 37)]
    public void Reduce_RandomWeights_KeepsWhatASortWould(int seed, int size)
    {
        var random = new Random(seed);
        for (var round = 0; round < 12; round++)
        {
            var weights = RandomWeights(random, size, spread: round * 2);
            var options = new SamplingOptions
            {
                TopK = round % 3 == 0 ? 0 : random.Next(1, size),
                TopP = round % 2 == 0 ? 1 : (float)(0.05 + (random.NextDouble() * 0.94)),
            };
            var expected = Sorted(weights, options);

            TokenWeights.Reduce(weights, options);

            // A sum in another order may stop one token earlier or later.
            Assert.InRange(Kept(weights).Length, expected.Length - 1, expected.Length + 1);
            Assert.InRange(Kept(weights).Union(expected).Count() - Kept(weights).Intersect(expected).Count(), 0, options.TopP < 1 ? 1 : 0);
        }
    }

    [Theory]
    [InlineData(0.5, 10_000)]
    [InlineData(0, 1)]
    public void Reduce_AllEqual_KeepsTheFirst(double topP, int kept)
    {
        var weights = Enumerable.Repeat(1f, 50_000).ToArray();

        TokenWeights.Reduce(weights, new SamplingOptions { TopK = 20_000, TopP = (float)topP });

        Assert.Equal(Enumerable.Range(0, kept), Kept(weights));
    }

    [Fact]
    public void FromLogits_Extremes_StayBetweenZeroAndOne()
    {
        var logits = new[] { 1e30f, -1e30f, float.NegativeInfinity, 1e30f, 0 };

        TokenWeights.FromLogits(logits, 1e30f, 0.01f);

        Assert.Equal([1f, 0, 0, 1, 0], logits, (expected, actual) => Math.Abs(expected - actual) < 1e-6f);
    }

    [Theory]
    [InlineData(0, 2)]
    [InlineData(0.24, 2)]
    [InlineData(0.26, 5000)]
    [InlineData(0.9999999999999999, 5000)]
    public void Draw_Share_FallsOnTheTokenThatCoversIt(double share, int token)
    {
        var weights = new float[9000];
        (weights[2], weights[5000]) = (0.25f, 0.75f);

        Assert.Equal(token, TokenWeights.Draw(weights, share));
    }

    [Fact]
    public void Draw_RowAtAnyAddress_IsTheSame()
    {
        var weights = RandomWeights(new Random(9), 50_257, spread: 3);
        var tokens = Enumerable.Range(0, 16).Select(offset =>
        {
            var row = new float[weights.Length + 16].AsSpan(offset, weights.Length);
            weights.CopyTo(row);
            TokenWeights.Reduce(row, new SamplingOptions { TopP = 0.9f });
            return WeightTally.AtLeast(row, 0);
        });

        Assert.Single(tokens.Distinct());
    }

    private static int[] Kept(float[] weights) => [.. Enumerable.Range(0, weights.Length).Where(token => weights[token] > 0)];

    private static float[] RandomWeights(Random random, int size, int spread)
    {
        // From flat to peaked, with many ties.
        var weights = Enumerable.Range(0, size).Select(_ => (float)Math.Exp(-spread * Math.Round(random.NextDouble(), 3))).ToArray();
        weights[random.Next(size)] = 1;
        return weights;
    }

    private static int[] Sorted(float[] weights, SamplingOptions options)
    {
        var order = Enumerable.Range(0, weights.Length).OrderByDescending(token => weights[token]).ThenBy(token => token);
        int[] most = [.. options.TopK > 0 ? order.Take(options.TopK) : order];
        var target = options.TopP * most.Sum(token => (double)weights[token]);
        double sum = 0;
        return options.TopP < 1 ? [.. most.TakeWhile(token => (sum += weights[token]) - weights[token] < target)] : most;
    }
}
