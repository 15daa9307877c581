using System.Globalization;
using Onnx;
using Serverless.Inference.Onnx;
using Serverless.Optimization.Graphs;
using Serverless.Optimization.Quantization;

namespace Serverless.Optimization.Passes;

/// <summary>
/// Stores matrices in blocks for <c>MatMulNBits</c> and tables for <c>GatherBlockQuantized</c>. A table that is also the head, turned, is
/// stored once: both read the same blocks.
/// </summary>
internal sealed class BlockPass(int bits, PassSettings settings) : IOptimizationPass
{
    private readonly BlockFormat _format = new(bits, settings.Whole("block"), settings.Flag("symmetric"));
    private readonly long _accuracy = settings.Whole("accuracy");
    private readonly bool _embeddings = settings.Flag("embeddings");
    private readonly long _min = (long)settings.Number("min");

    public string Apply(ModelGraph model)
    {
        var uses = new GraphUses(model);
        var candidates = model.Graph.Initializer.Where(tensor =>
            Tensors.IsFloat(tensor) && tensor.Dims.Count == 2 && Tensors.Count(tensor) >= _min && !uses.IsUsedElsewhere(tensor.Name)).ToList();
        var (changed, parameters) = (0, 0L);
        foreach (var tensor in candidates)
        {
            if (BlockUses.Find(tensor, uses, _embeddings ? _format.Size : null) is { } found)
            {
                Change(model, tensor, found);
                changed++;
                parameters += Tensors.Count(tensor);
            }
        }

        return changed > 0
            ? string.Create(CultureInfo.InvariantCulture, $"{changed} weights of {parameters} numbers in blocks of {_format.Size} at {_format.Bits} bits")
            : throw new ModelRefusedException(
                $"int{bits} in blocks takes float weights of MatMul, Gemm or Gather with at least {_min} numbers, and it has none");
    }

    private void Change(ModelGraph model, TensorProto tensor, BlockUses uses)
    {
        model.UseContributed();
        var (rows, columns) = uses.IsTurned ? (tensor.Dims[1], tensor.Dims[0]) : (tensor.Dims[0], tensor.Dims[1]);
        var numbers = Tensors.Floats(tensor);
        if (uses.IsTurned)
            numbers = Turn(numbers, (int)tensor.Dims[0], (int)tensor.Dims[1]);
        var weights = BlockWeights.Quantize(numbers, (int)rows, _format);
        var writer = new BlockWriter(model, tensor, weights, _format, new BlockShape(rows, columns, _accuracy));
        foreach (var gather in uses.Gathers)
            writer.LookUp(gather);
        foreach (var product in uses.Products)
            writer.Multiply(product);
    }

    private static float[] Turn(float[] numbers, int rows, int columns)
    {
        var turned = new float[numbers.Length];
        Parallel.For(0, columns, column =>
        {
            for (var row = 0; row < rows; row++)
                turned[(column * rows) + row] = numbers[(row * columns) + column];
        });
        return turned;
    }
}
