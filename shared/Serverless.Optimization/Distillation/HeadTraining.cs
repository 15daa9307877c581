namespace Serverless.Optimization.Distillation;

/// <summary>Trains a head by Adam over all texts at once, and keeps the one that did best on texts held out.</summary>
internal sealed class HeadTraining(VectorPairs pairs, int steps)
{
    private const int HeldOutEvery = 10;
    private const int Points = 40;
    private const double PeakRate = 2e-3;
    private const double MeanDecay = 0.9;
    private const double SquareDecay = 0.99;

    private readonly List<LossPoint> _losses = [];

    /// <summary>The losses, from before the first step on.</summary>
    public IReadOnlyList<LossPoint> Losses => _losses;

    /// <summary>Those of the head that was kept.</summary>
    public LossPoint Best { get; private set; } = new(0, double.MaxValue, double.MaxValue);

    public LinearHead Run()
    {
        var (seen, heldOut) = (pairs.Where(text => text % HeldOutEvery != 0), pairs.Where(text => text % HeldOutEvery == 0));
        var head = new LinearHead(pairs.Width);
        var best = head;
        var (slopes, means, squares) = (new float[head.Weights.Length], new float[head.Weights.Length], new float[head.Weights.Length]);
        for (var step = 0; step <= steps; step++)
        {
            var loss = head.LossAndSlopes(seen, slopes);
            if (step % Math.Max(1, steps / Points) == 0 || step == steps)
            {
                _losses.Add(new LossPoint(step, loss, head.Loss(heldOut)));
                if (_losses[^1].HeldOut < Best.HeldOut)
                    (Best, best) = (_losses[^1], head.Copy());
            }

            if (step < steps)
                Update(head.Weights, slopes, means, squares, step);
        }

        return best;
    }

    // The rate falls as a cosine, so that the last steps settle.
    private void Update(float[] weights, float[] slopes, float[] means, float[] squares, int step)
    {
        var rate = PeakRate * (1 + Math.Cos(Math.PI * step / steps)) / 2;
        var (meanScale, squareScale) = (1 / (1 - Math.Pow(MeanDecay, step + 1)), 1 / (1 - Math.Pow(SquareDecay, step + 1)));
        for (var i = 0; i < weights.Length; i++)
        {
            means[i] = (float)((MeanDecay * means[i]) + ((1 - MeanDecay) * slopes[i]));
            squares[i] = (float)((SquareDecay * squares[i]) + ((1 - SquareDecay) * slopes[i] * slopes[i]));
            weights[i] -= (float)(rate * means[i] * meanScale / (Math.Sqrt(squares[i] * squareScale) + 1e-8));
        }
    }
}
