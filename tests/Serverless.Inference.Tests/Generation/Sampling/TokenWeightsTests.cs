using Serverless.Inference.Generation.Sampling;

namespace Serverless.Inference.Tests.Generation.Sampling;

public sealed class TokenWeightsTests
{
    [Fact]
    public void FromLogits_Extremes_StayBetweenZeroAndOne()
    {
        var logits = new[] { 1e30f, -1e30f, float.NegativeInfinity, 1e30f, 0 };

        TokenWeights.FromLogits(logits, 1e30f, 0.01f);

        Assert.Equal([1f, 0, 0, 1, 0], logits, (expected, actual) => Math.Abs(expected - actual) < 1e-6f);
    }

    [Fact]
    public void FromLogits_RandomLogits_AreTheExponentialAndTheirSum()
    {
        var random = new Random(5);
        // No multiple of a block or a vector, so that the last few are done as well.
        var logits = Enumerable.Range(0, 50_257).Select(_ => (float)(-80 * random.NextDouble())).ToArray();
        var expected = logits.Select(logit => Math.Exp(logit)).ToArray();

        var mass = TokenWeights.FromLogits(logits, 0, 1);

        Assert.All(logits.Zip(expected), pair => Assert.Equal(pair.Second, pair.First, 3e-7 * pair.Second));
        Assert.Equal(expected.Sum(), mass, 1e-5 * mass);
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

        Assert.Equal(token, TokenWeights.Draw(weights, 1, share));
    }
}
