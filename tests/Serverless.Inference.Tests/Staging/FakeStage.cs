using System.Collections.Concurrent;
using Serverless.Contracts.Models;
using Serverless.Inference.Execution;
using Serverless.Inference.Staging;
using Serverless.Inference.Tensors;

namespace Serverless.Inference.Tests.Staging;

/// <summary>The second stage at another worker, <c>y = 3 · h</c>: a transport that a test holds in its hand.</summary>
internal sealed class FakeStage : IStage, IStageWorkers
{
    private int _running;

    public ConcurrentQueue<(long Rows, RunTerms Terms)> Calls { get; } = new();

    public string? Asked { get; private set; }

    /// <summary>The most runs that were there at once.</summary>
    public int Most { get; private set; }

    /// <summary>What happens before a run answers.</summary>
    public Func<CancellationToken, Task> Before { get; set; } = _ => Task.CompletedTask;

    public IStage? Find(ModelReference package, string place)
    {
        Asked = $"{package} at {place}";
        return place == "second" ? this : null;
    }

    public async ValueTask<RunOutcome> RunAsync(
        IReadOnlyList<Tensor> inputs, IReadOnlyList<string> outputs, RunTerms terms, CancellationToken cancellationToken)
    {
        using var input = inputs.Single();
        Calls.Enqueue((input.Shape[0], terms));
        Most = Math.Max(Most, Interlocked.Increment(ref _running));
        try
        {
            await Before(cancellationToken);
        }
        finally
        {
            Interlocked.Decrement(ref _running);
        }

        var numbers = new float[input.Count];
        for (var i = 0; i < numbers.Length; i++)
            numbers[i] = 3 * BitConverter.ToSingle(input.Data[(i * sizeof(float))..]);
        return new RunOutcome([Engine.Fp32(outputs.Single(), [.. input.Shape], numbers)], TimeSpan.Zero, TimeSpan.FromMilliseconds(1), 1);
    }
}
