using Serverless.Inference.Generation.Sampling;

namespace Serverless.Inference.Tests.Generation.Sampling;

public sealed class ShortlistTests
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
    public void Of_Rules_KeepTheTokensTheyName(double minP, int topK, double topP, int[] kept)
    {
        // Probabilities 0.04, 0.44, 0.22, 0.22, 0.09.
        var weights = new[] { 0.08f, 1, 0.5f, 0.5f, 0.2f };

        Assert.Equal(kept, Kept(weights, new SamplingOptions { MinP = (float)minP, TopK = topK, TopP = (float)topP }));
    }

    [Theory]
    [InlineData(1, 50_257)]
    [InlineData(2, 50_257)]
    [InlineData(3, 1_000)]
    [InlineData(4, 37)]
    public void Of_RandomWeights_KeepsWhatASortWould(int seed, int size)
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

            var kept = Kept(weights, options);

            // A sum in another order may stop one token earlier or later.
            Assert.InRange(kept.Length, expected.Length - 1, expected.Length + 1);
            Assert.InRange(kept.Union(expected).Count() - kept.Intersect(expected).Count(), 0, options.TopP < 1 ? 1 : 0);
        }
    }

    [Theory]
    [InlineData(0.5, 10_000)]
    [InlineData(0, 1)]
    public void Of_AllEqual_KeepsTheFirst(double topP, int kept)
    {
        var weights = Enumerable.Repeat(1f, 50_000).ToArray();

        Assert.Equal(Enumerable.Range(0, kept), Kept(weights, new SamplingOptions { TopK = 20_000, TopP = (float)topP }));
    }

    [Theory]
    [InlineData(0.3)]
    [InlineData(0.9)]
    public void Of_OneTokenRules_IsFoundWhereverItIs(double topP)
    {
        for (var place = 0; place < 64; place++)
        {
            var weights = new float[50_257];
            weights.AsSpan().Fill(1e-9f);
            weights[place] = 1;

            Assert.Equal([place], Kept(weights, new SamplingOptions { TopP = (float)topP }));
        }
    }

    [Fact]
    public void Draw_RowAtAnyAddress_IsTheSame()
    {
        var weights = RandomWeights(new Random(9), 50_257, spread: 3);
        var tokens = Enumerable.Range(0, 16).Select(offset =>
        {
            var row = new float[weights.Length + 16].AsSpan(offset, weights.Length);
            weights.CopyTo(row);
            return Shortlist.Draw(row, WeightTally.AtLeast(row, 0).Mass, new SamplingOptions { TopP = 0.9f }, 0.77);
        });

        Assert.Single(tokens.Distinct());
    }

    private static int[] Kept(float[] weights, SamplingOptions options)
    {
        var list = Shortlist.Of(weights, WeightTally.AtLeast(weights, 0).Mass, options, new float[weights.Length], new int[weights.Length]);
        var (values, tokens) = (list.Weights.ToArray(), list.Tokens.ToArray());
        return [.. tokens.Where((_, place) => values[place] > 0)];
    }
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
