using Serverless.Inference.Onnx;
using Serverless.Optimization.Graphs;

namespace Serverless.Optimization.Passes;

/// <summary>A pass with its parameters: <c>int4:block=64,symmetric=false</c>.</summary>
public sealed class PassStep
{
    private readonly PassKind _kind;
    private readonly PassSettings _settings;

    private PassStep(PassKind kind, PassSettings settings) => (_kind, _settings) = (kind, settings);

    /// <summary>The pass's name.</summary>
    public string Name => _kind.Name;

    /// <summary>Every parameter, those that were not set with their defaults.</summary>
    public IReadOnlyDictionary<string, string> Parameters => _settings.Values;

    /// <summary>Whether it looks at what the model's values become on sample inputs.</summary>
    internal bool IsCalibrated => _kind.IsCalibrated;

    /// <summary>Whether it trains what it makes on texts.</summary>
    public bool IsTrained => _kind.IsTrained;

    /// <summary>Reads a pass as it is given on the command line.</summary>
    /// <exception cref="ArgumentException">There is no such pass or parameter, or its value is not allowed; the message says what is.</exception>
    public static PassStep Parse(string text)
    {
        var parts = text.Split(':', 2);
        var kind = PassCatalog.Find(parts[0]) ?? throw new ArgumentException(
            $"There is no pass '{parts[0]}': those there are {string.Join(", ", PassCatalog.Names)}.", nameof(text));
        var values = kind.Parameters.ToDictionary(parameter => parameter.Name, parameter => parameter.Default, StringComparer.Ordinal);
        foreach (var setting in parts.Length == 1 ? [] : parts[1].Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            var pair = setting.Split('=', 2);
            var parameter = kind.Parameters.FirstOrDefault(found => found.Name == pair[0]) ?? throw new ArgumentException(
                $"The pass {kind.Name} has no parameter '{pair[0]}': those it has are {Describe(kind)}.", nameof(text));
            values[parameter.Name] = pair.Length == 2 && parameter.IsAllowed(pair[1]) ? pair[1] : throw new ArgumentException(
                $"{parameter.Name} of the pass {kind.Name} must be {parameter.Allowed}, not '{pair.ElementAtOrDefault(1)}'.", nameof(text));
        }

        return new PassStep(kind, new PassSettings(values));
    }

    /// <summary>Changes <paramref name="model"/>.</summary>
    /// <returns>What was changed, for people.</returns>
    /// <exception cref="ModelRefusedException">There is nothing in the model that it could change, or it cannot take it.</exception>
    public string Apply(ModelGraph model)
    {
        var report = _kind.Create(_settings).Apply(model);
        model.Sweep();
        return report;
    }

    /// <summary>The pass as it can be given again, without what is at its default.</summary>
    public override string ToString()
    {
        var set = _kind.Parameters.Where(parameter => Parameters[parameter.Name] != parameter.Default)
            .Select(parameter => $"{parameter.Name}={Parameters[parameter.Name]}").ToList();
        return set.Count == 0 ? Name : $"{Name}:{string.Join(',', set)}";
    }

    private static string Describe(PassKind kind) => kind.Parameters.Count == 0
        ? "none"
        : string.Join("; ", kind.Parameters.Select(parameter => $"{parameter.Name} ({parameter.Allowed})"));
}
