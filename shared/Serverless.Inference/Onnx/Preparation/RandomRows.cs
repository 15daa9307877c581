using Serverless.Inference.Tensors;
using Serverless.Models.Manifest;

namespace Serverless.Inference.Onnx.Preparation;

/// <summary>
/// Makes up inputs for a model. What a model takes beyond its signature is not written down anywhere, so several ways are tried.
/// </summary>
internal sealed class RandomRows(OnnxSignature signature, bool mixed)
{
    // For dimensions that are free beside the first: a short sequence, a longer one, and the size of many image models.
    private static readonly int[] Sizes = [8, 64, 224];

    // For whole numbers, which are mostly positions in tables: those of a vocabulary, and those that every table has.
    private static readonly int[] Bounds = [100, 2];

    /// <summary>Sets of <paramref name="count"/> rows, the likeliest first. The same at every call.</summary>
    public IEnumerable<IReadOnlyList<SampleRow>> Sets(int count)
    {
        if (signature.Inputs.Any(input => input.Datatype == Datatypes.NameOf(TensorDatatype.Bytes)))
            yield break;
        foreach (var size in signature.Inputs.Any(input => input.Shape.Skip(1).Any(dimension => dimension < 0)) ? Sizes : Sizes[..1])
        {
            foreach (var bound in Bounds)
            {
                var random = new Random(17);
                yield return [.. Enumerable.Range(0, count).Select(index => Row(random, index, size, bound))];
            }
        }
    }

    private SampleRow Row(Random random, int index, int size, int bound)
    {
        // Rows that differ in length are padded when they run together.
        var width = mixed ? random.Next(2, size + 1) : size;
        return new SampleRow([.. signature.Inputs.Select(input => Input(random, input, index, width, bound))]);
    }

    private static SampleInput Input(Random random, TensorSignature input, int index, int width, int bound)
    {
        long[] shape = [.. input.Shape.Select((dimension, axis) => dimension >= 0 ? dimension : axis == 0 ? 1 : width)];
        if (!TensorShape.TryCount(shape, out var count) || !Datatypes.TryParse(input.Datatype, out var datatype) || count > 1 << 28)
            throw new ModelRefusedException($"its input '{input.Name}' has the shape {TensorShape.Format(shape)}, which cannot be tried");
        var data = new byte[count * Datatypes.SizeOf(datatype)];
        // Rows of different magnitude: a graph that scales by its largest value would let one row change another.
        Func<double> next = datatype is TensorDatatype.Fp16 or TensorDatatype.Bf16 or TensorDatatype.Fp32 or TensorDatatype.Fp64
            ? () => ((random.NextDouble() * 2) - 1) * (1 + (index % 4))
            : input.Name.Contains("mask", StringComparison.OrdinalIgnoreCase) ? static () => 1
            : input.Name.Contains("type", StringComparison.OrdinalIgnoreCase) ? static () => 0
            : () => random.Next(bound);
        TensorElements.Fill(datatype, data, next);
        return new SampleInput(input.Name, datatype, shape, data);
    }
}
