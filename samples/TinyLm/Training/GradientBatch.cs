using System.Collections.Concurrent;
using System.Numerics.Tensors;
using TinyLm.Corpus;
using TinyLm.Network;
using TinyLm.Numerics;

namespace TinyLm.Training;

/// <summary>
/// The gradient of one batch. Its parts are shared out over the processors, each part's gradient is kept by itself and all are added in
/// one order: the sum does not depend on how many threads there are.
/// </summary>
internal sealed class GradientBatch
{
    private const int SliceSize = 1 << 16;

    private readonly TrainingPlan _plan;
    private readonly TrainingText _text;
    private readonly DecoderWeights[] _gradients;
    private readonly double[] _losses;
    private readonly ConcurrentBag<DecoderRun> _runs = [];
    private readonly Teacher? _teacher;
    private readonly ConcurrentBag<DecoderRun> _teacherRuns = [];

    public GradientBatch(DecoderShape shape, TrainingPlan plan, TrainingText text, Teacher? teacher = null)
    {
        _teacher = teacher;
        _plan = plan;
        _text = text;
        _gradients = [.. Enumerable.Range(0, plan.Shards).Select(_ => new DecoderWeights(shape))];
        _losses = new double[plan.Shards];
    }

    /// <summary>The sum of all parts, after <see cref="Run"/>.</summary>
    public DecoderWeights Gradient => _gradients[0];

    /// <summary>Computes the gradient of the mean loss of batch <paramref name="step"/>.</summary>
    /// <returns>The mean loss, and the gradient's length.</returns>
    public (double Loss, double Norm) Run(DecoderWeights weights, int step, int length)
    {
        Parallel.For(0, _plan.Shards, shard => RunShard(weights, step, length, shard));
        var slices = (Gradient.Values.Length + SliceSize - 1) / SliceSize;
        var squares = new double[slices];
        Parallel.For(0, slices, slice => squares[slice] = AddSlice(slice * SliceSize));
        return (_losses.Sum() / (_plan.Shards * _plan.ShardTokens), Math.Sqrt(squares.Sum()));
    }

    private void RunShard(DecoderWeights weights, int step, int length, int shard)
    {
        if (!_runs.TryTake(out var run))
            run = new DecoderRun(weights.Shape, _plan.ShardTokens, _plan.ShardTokens);
        var (tokens, targets) = (new int[_plan.ShardTokens], new int[_plan.ShardTokens]);
        var row = new int[length + 1];
        for (var start = 0; start < _plan.ShardTokens; start += length)
        {
            var noise = new Noise(_plan.Seed, (step * _plan.Shards * _plan.ShardTokens) + (shard * _plan.ShardTokens) + start);
            if (noise.Uniform() < _plan.ChatShare)
                _text.FillChat(row, noise);
            else
                _text.FillPlain(row, noise);
            row.AsSpan(0, length).CopyTo(tokens.AsSpan(start));
            row.AsSpan(1, length).CopyTo(targets.AsSpan(start));
        }

        Array.Clear(_gradients[shard].Values);
        var scale = 1f / (_plan.Shards * _plan.ShardTokens);
        _losses[shard] = _teacher is null
            ? run.LossAndGradient(weights, _gradients[shard], tokens, targets, length, scale)
            : Learn(run, weights, _gradients[shard], tokens, targets, length, scale);
        _runs.Add(run);
    }

    private double Learn(
        DecoderRun run, DecoderWeights weights, DecoderWeights gradient, int[] tokens, int[] targets, int length, float scale)
    {
        if (!_teacherRuns.TryTake(out var teacherRun))
            teacherRun = new DecoderRun(_teacher!.Weights.Shape, _plan.ShardTokens, _plan.ShardTokens);
        var wanted = teacherRun.Forward(_teacher!.Weights, tokens, length);
        var loss = run.LossAndGradient(weights, gradient, tokens, targets, length, scale, wanted, _teacher);
        _teacherRuns.Add(teacherRun);
        return loss;
    }

    private double AddSlice(int start)
    {
        var sum = Gradient.Values.AsSpan(start, Math.Min(SliceSize, Gradient.Values.Length - start));
        foreach (var gradient in _gradients.AsSpan(1))
            TensorPrimitives.Add(sum, gradient.Values.AsSpan(start, sum.Length), sum);
        return TensorPrimitives.SumOfSquares<float>(sum);
    }
}
