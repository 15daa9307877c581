using TinyLm.Layers;
using TinyLm.Network;
using TinyLm.Numerics;
using TinyLm.Training;

namespace TinyLm.Tests.Layers;

public sealed class SoftLossTests
{
    private const int Rows = 3;
    private const int Tokens = 11;

    private static readonly int[] Targets = [4, 0, 10];
    private static readonly DecoderWeights NoWeights = new(new DecoderShape { Vocabulary = 1, Layers = 1, Width = 1, Hidden = 1 });

    [Theory]
    [InlineData(1, 0.5)]
    [InlineData(2, 0.9)]
    [InlineData(3, 0)]
    public void Run_OfAnyLogits_LeavesItsGradient(float temperature, float share)
    {
        var teacher = new Teacher(NoWeights) { Temperature = temperature, Share = share };
        var (logits, wanted) = (Numbers(1), Numbers(2));

        var gradient = logits.ToArray();
        Loss(gradient, wanted, teacher);

        for (var i = 0; i < logits.Length; i++)
        {
            const float Step = 1e-2f;
            var (above, below) = (logits.ToArray(), logits.ToArray());
            above[i] += Step;
            below[i] -= Step;
            Assert.Equal((Loss(above, wanted, teacher) - Loss(below, wanted, teacher)) / (2 * Step), gradient[i], 1e-3);
        }
    }

    [Fact]
    public void Run_OfTheTeachersOwnLogits_IsNothing() =>
        Assert.Equal(0, Loss(Numbers(1), Numbers(1), new Teacher(NoWeights) { Share = 1 }), 1e-6);

    [Fact]
    public void Run_WithoutATeachersShare_IsTheLossOfTheText()
    {
        var logits = Numbers(1);

        Assert.Equal(
            TokenLoss.Forward(new Matrix(Numbers(1), Rows, Tokens), Targets), Loss(logits, Numbers(2), new Teacher(NoWeights) { Share = 0 }), 1e-6);
    }

    private static double Loss(float[] logits, float[] wanted, Teacher teacher) =>
        SoftLoss.Run(new Matrix(logits, Rows, Tokens), new Matrix(wanted, Rows, Tokens), teacher, Targets, scale: 1);

    private static float[] Numbers(int seed)
    {
        var numbers = new float[Rows * Tokens];
        new Noise(seed).Fill(numbers, 2);
        return numbers;
    }
}
