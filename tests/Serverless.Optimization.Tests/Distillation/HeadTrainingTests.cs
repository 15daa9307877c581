using Serverless.Optimization.Distillation;

namespace Serverless.Optimization.Tests.Distillation;

public sealed class HeadTrainingTests
{
    private const int Width = 12;

    [Fact]
    public void Run_OnVectorsOfATeacher_LearnsThem()
    {
        var training = new HeadTraining(Pairs(1, 200), steps: 3000);

        var head = training.Run();

        Assert.Equal((0, 3000), (training.Losses[0].Step, training.Losses[^1].Step));
        Assert.True(training.Losses[^1].Training < training.Losses[0].Training / 10, $"{training.Losses[0]} to {training.Losses[^1]}");
        // On vectors that it never saw, and against one that was not trained.
        var others = Pairs(2, 50);
        Assert.True(head.Loss(others) < new LinearHead(Width).Loss(others) / 5, $"{head.Loss(others)} of {new LinearHead(Width).Loss(others)}");
        Assert.Equal(training.Losses.Min(point => point.HeldOut), training.Best.HeldOut);
    }

    [Fact]
    public void Run_Again_GivesTheSameHead() =>
        Assert.Equal(new HeadTraining(Pairs(1, 40), steps: 20).Run().Weights, new HeadTraining(Pairs(1, 40), steps: 20).Run().Weights);

    [Fact]
    public void LossAndSlopes_OfEveryWeight_EqualFiniteDifferences()
    {
        var (pairs, head, slopes) = (Pairs(3, 7), new LinearHead(Width), new float[(Width + 1) * Width]);
        var loss = head.LossAndSlopes(pairs, slopes);

        Assert.Equal(loss, head.Loss(pairs), 1e-9);
        for (var i = 0; i < slopes.Length; i++)
        {
            const float Step = 1e-2f;
            var weight = head.Weights[i];
            head.Weights[i] = weight + Step;
            var above = head.Loss(pairs);
            head.Weights[i] = weight - Step;
            var below = head.Loss(pairs);
            head.Weights[i] = weight;
            Assert.Equal((above - below) / (2 * Step), slopes[i], 1e-3);
        }
    }

    // A teacher that turns what the student has by a matrix of its own.
    private static VectorPairs Pairs(int seed, int count)
    {
        var (matrix, student) = (GraphRun.Random(99, Width * Width), new List<float[]>());
        var teacher = new List<float[]>();
        for (var text = 0; text < count; text++)
        {
            student.Add(GraphRun.Random((seed * 1000) + text, Width));
            var turned = GraphRun.Product(student[^1], matrix, 1, Width, Width);
            var length = Math.Sqrt(turned.Sum(number => number * number));
            teacher.Add([.. turned.Select(number => (float)(number / length))]);
        }

        return new VectorPairs(student, teacher);
    }
}
