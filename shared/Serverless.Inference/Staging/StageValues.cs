using Serverless.Inference.Tensors;

namespace Serverless.Inference.Staging;

/// <summary>The values between the stages of one run. It owns those that nobody has taken.</summary>
internal sealed class StageValues : IDisposable
{
    private readonly Dictionary<string, Tensor> _values = new(StringComparer.Ordinal);
    private readonly StagePlan _plan;

    public StageValues(StagePlan plan, IEnumerable<Tensor> inputs)
    {
        _plan = plan;
        Add(inputs);
    }

    public void Add(IEnumerable<Tensor> values)
    {
        foreach (var value in values)
            _values.Add(value.Name, value);
    }

    /// <summary>What <paramref name="step"/> takes, which is its own from now on: copies of what others need after it.</summary>
    public Tensor[] Take(int step) =>
        [.. _plan.Steps[step].Inputs.Select(name => _plan.IsLastReader(step, name) ? Take(name) : BufferTensor.CopyOf(_values[name]))];

    /// <summary>The outputs that were asked for, in that order.</summary>
    public Tensor[] TakeOutputs() => [.. _plan.Outputs.Select(Take)];

    public void Dispose()
    {
        foreach (var value in _values.Values)
            value.Dispose();
    }

    private Tensor Take(string name)
    {
        _values.Remove(name, out var value);
        return value!;
    }
}
