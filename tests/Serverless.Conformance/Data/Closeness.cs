using System.Runtime.InteropServices;
using Serverless.Inference.Tensors;

namespace Serverless.Conformance.Data;

/// <summary>Holds answers against what is expected.</summary>
internal static class Closeness
{
    // The tolerances of ONNX's own backend tests.
    private const double Relative = 1e-3;
    private const double Absolute = 1e-7;

    /// <summary>What differs by more than ONNX's tests allow; null when nothing does.</summary>
    public static string? FindDifference(IReadOnlyList<CaseTensor> expected, IReadOnlyList<CaseTensor> found) =>
        Find(expected, found, (a, b) => Math.Abs(a - b) <= Absolute + (Relative * Math.Abs(a)));

    /// <summary>What differs at all; null when nothing does. <paramref name="nullForNotFinite"/>: JSON has NaN for whatever is not finite.</summary>
    public static string? FindInequality(IReadOnlyList<CaseTensor> expected, IReadOnlyList<CaseTensor> found, bool nullForNotFinite) =>
        Find(expected, found, (a, b) => nullForNotFinite && !double.IsFinite(a) && double.IsNaN(b));

    private static string? Find(
        IReadOnlyList<CaseTensor> expected, IReadOnlyList<CaseTensor> found, Func<double, double, bool> close)
    {
        for (var i = 0; i < expected.Count; i++)
        {
            if (i >= found.Count)
                return $"output {i} is missing";
            if (Find(expected[i], found[i], close) is { } difference)
                return $"output '{expected[i].Name}': {difference}";
        }

        return null;
    }

    private static string? Find(CaseTensor expected, CaseTensor found, Func<double, double, bool> close)
    {
        if (expected.Datatype != found.Datatype || !expected.Shape.SequenceEqual(found.Shape))
        {
            return $"{found.Datatype}{TensorShape.Format(found.Shape)} instead of {expected.Datatype}{TensorShape.Format(expected.Shape)}";
        }

        if (expected.Datatype == TensorDatatype.Bytes)
            return expected.Strings.Zip(found.Strings).All(pair => pair.First.SequenceEqual(pair.Second)) ? null : "other strings";
        if (expected.Data.AsSpan().SequenceEqual(found.Data))
            return null;
        var (wanted, answered) = (ToDoubles(expected), ToDoubles(found));
        for (var i = 0; i < wanted.Length; i++)
        {
            var (a, b) = (wanted[i], answered[i]);
            if (!(a.Equals(b) || a == b || close(a, b)))
                return $"element {i} is {b} instead of {a}";
        }

        return null;
    }

    private static double[] ToDoubles(CaseTensor tensor) => tensor.Datatype switch
    {
        TensorDatatype.Fp32 => Cast<float>(tensor, value => value),
        TensorDatatype.Fp64 => Cast<double>(tensor, value => value),
        TensorDatatype.Fp16 => Cast<Half>(tensor, value => (double)value),
        TensorDatatype.Bf16 => Cast<ushort>(tensor, value => BitConverter.UInt32BitsToSingle((uint)value << 16)),
        TensorDatatype.Int8 => Cast<sbyte>(tensor, value => value),
        TensorDatatype.Int16 => Cast<short>(tensor, value => value),
        TensorDatatype.Int32 => Cast<int>(tensor, value => value),
        TensorDatatype.Int64 => Cast<long>(tensor, value => value),
        TensorDatatype.UInt16 => Cast<ushort>(tensor, value => value),
        TensorDatatype.UInt32 => Cast<uint>(tensor, value => value),
        TensorDatatype.UInt64 => Cast<ulong>(tensor, value => value),
        _ => Cast<byte>(tensor, value => value),
    };

    private static double[] Cast<T>(CaseTensor tensor, Func<T, double> convert)
        where T : unmanaged => [.. MemoryMarshal.Cast<byte, T>(tensor.Data).ToArray().Select(convert)];
}
