using Serverless.Inference.Onnx;
using Serverless.Optimization.Graphs;

namespace Serverless.Optimization.Calibration;

/// <summary>Finds the ranges of values within a model by running it on its samples.</summary>
internal static class ValueRanges
{
    /// <returns>Those of the values that hold floats.</returns>
    /// <exception cref="ModelRefusedException">It cannot be run, or a value became infinite or no number.</exception>
    public static IReadOnlyDictionary<string, ValueRange> Measure(ModelGraph model, IReadOnlyCollection<string> values, RangeRule rule)
    {
        var ranges = new Dictionary<string, ValueRange>(StringComparer.Ordinal);
        ActivationProbe.Run(model, values, (value, numbers, _) => ranges[value] = Widen(ranges.GetValueOrDefault(value), value, numbers));
        if (rule.IsOfAll)
            return ranges;
        var histograms = ranges.ToDictionary(
            range => range.Key, range => new MagnitudeHistogram(MathF.Max(-range.Value.Low, range.Value.High)), StringComparer.Ordinal);
        ActivationProbe.Run(model, values, (value, numbers, _) => histograms[value].Add(numbers));
        return ranges.ToDictionary(range => range.Key, range => range.Value.Within(rule.LimitOf(histograms[range.Key])), StringComparer.Ordinal);
    }

    private static ValueRange Widen(ValueRange range, string value, ReadOnlySpan<float> numbers)
    {
        foreach (var number in numbers)
        {
            if (!float.IsFinite(number))
                throw new ModelRefusedException($"its value '{value}' became {number} on a row that it was calibrated on");
            range = range.Including(number);
        }

        return range;
    }
}
