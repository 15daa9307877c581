using Serverless.Models.Manifest;

namespace Serverless.Inference.Staging;

/// <summary>The stages that are needed for some outputs, and who reads each value last.</summary>
internal sealed class StagePlan
{
    private readonly Dictionary<string, int> _lastReaders = new(StringComparer.Ordinal);

    public StagePlan(IReadOnlyList<StageRecord> stages, IReadOnlyList<string> outputs)
    {
        Outputs = outputs;
        var wanted = outputs.ToHashSet(StringComparer.Ordinal);
        for (var stage = stages.Count - 1; stage >= 0; stage--)
        {
            string[] given = [.. stages[stage].Outputs.Select(output => output.Name).Where(wanted.Contains)];
            if (given.Length == 0)
                continue;
            string[] taken = [.. stages[stage].Inputs.Select(input => input.Name)];
            wanted.UnionWith(taken);
            Steps.Insert(0, new StageStep(stage, taken, given));
        }

        for (var step = 0; step < Steps.Count; step++)
        {
            foreach (var name in Steps[step].Inputs)
                _lastReaders[name] = step;
        }

        foreach (var name in outputs)
            _lastReaders.Remove(name);
    }

    /// <summary>What is asked for.</summary>
    public IReadOnlyList<string> Outputs { get; }

    public List<StageStep> Steps { get; } = [];

    /// <summary>Whether nobody needs the value after <paramref name="step"/>.</summary>
    public bool IsLastReader(int step, string name) => _lastReaders.TryGetValue(name, out var last) && last == step;
}
