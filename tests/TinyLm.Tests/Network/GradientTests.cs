using TinyLm.Network;
using TinyLm.Numerics;

namespace TinyLm.Tests.Network;

public sealed class GradientTests
{
    private const int Length = 70;

    private static readonly DecoderShape Shape = new()
    {
        Vocabulary = 37,
        Layers = 2,
        Width = 24,
        Heads = 4,
        KeyValueHeads = 2,
        HeadSize = 6,
        Hidden = 20,
        Context = Length,
    };

    [Fact]
    public void LossAndGradient_OfEveryKindOfParameter_EqualsFiniteDifferences()
    {
        var weights = new DecoderWeights(Shape);
        weights.Initialize(5);
        new Noise(11).Fill(weights.FinalNorm, 1);
        new Noise(12).Fill(weights.AttentionNorm(1), 1);
        var gradients = new DecoderWeights(Shape);
        var run = new DecoderRun(Shape, 2 * Length, Length);
        var (tokens, targets) = (Tokens(1), Tokens(2));

        run.LossAndGradient(weights, gradients, tokens, targets, Length, scale: 1);

        var noise = new Noise(3);
        for (var trial = 0; trial < 300; trial++)
        {
            var index = noise.Below(weights.Values.Length);
            var slope = Slope(run, weights, index, tokens, targets);
            Assert.Equal(slope, gradients.Values[index], 0.02 * (1 + Math.Abs(slope)));
        }
    }

    [Fact]
    public void LossAndGradient_OfTwoRuns_AddsUp()
    {
        var weights = new DecoderWeights(Shape);
        weights.Initialize(5);
        var (once, twice) = (new DecoderWeights(Shape), new DecoderWeights(Shape));
        var run = new DecoderRun(Shape, 2 * Length, Length);

        run.LossAndGradient(weights, once, Tokens(1), Tokens(2), Length, scale: 2);
        run.LossAndGradient(weights, twice, Tokens(1), Tokens(2), Length, scale: 1);
        run.LossAndGradient(weights, twice, Tokens(1), Tokens(2), Length, scale: 1);

        for (var i = 0; i < once.Values.Length; i++)
            Assert.Equal(once.Values[i], twice.Values[i], 1e-3);
    }

    [Fact]
    public void Forward_OfSequencesBehindEachOther_EqualsEachAlone()
    {
        var weights = new DecoderWeights(Shape);
        weights.Initialize(6);
        var tokens = Tokens(4);

        var together = new DecoderRun(Shape, 2 * Length, Length).Forward(weights, tokens, Length);
        var alone = new DecoderRun(Shape, Length, Length).Forward(weights, tokens.AsSpan(Length), Length);

        for (var row = 0; row < Length; row++)
            Assert.Equal(alone.Row(row).ToArray(), together.Row(Length + row).ToArray());
    }

    [Fact]
    public void Forward_OfPrefix_DoesNotDependOnWhatFollows()
    {
        var weights = new DecoderWeights(Shape);
        weights.Initialize(7);
        var tokens = Tokens(4)[..Length];

        var whole = new DecoderRun(Shape, Length, Length).Forward(weights, tokens, Length);
        var prefix = new DecoderRun(Shape, Length, Length).Forward(weights, tokens.AsSpan(0, 9), 9);

        for (var token = 0; token < Shape.Vocabulary; token++)
            Assert.Equal(prefix.Row(8)[token], whole.Row(8)[token], 1e-5);
    }

    private static double Slope(DecoderRun run, DecoderWeights weights, int index, int[] tokens, int[] targets)
    {
        const float Step = 4e-3f;
        var value = weights.Values[index];
        weights.Values[index] = value + Step;
        var above = run.Loss(weights, tokens, targets, Length);
        weights.Values[index] = value - Step;
        var below = run.Loss(weights, tokens, targets, Length);
        weights.Values[index] = value;
        return (above - below) / (2 * Step);
    }

    private static int[] Tokens(int seed)
    {
        var noise = new Noise(seed);
        return [.. Enumerable.Range(0, 2 * Length).Select(_ => noise.Below(Shape.Vocabulary))];
    }
}
