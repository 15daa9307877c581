using System.Globalization;
using Onnx;
using Serverless.Inference.Onnx;
using Serverless.Optimization.Calibration;
using Serverless.Optimization.Graphs;
using Serverless.Optimization.Quantization;

namespace Serverless.Optimization.Passes;

/// <summary>
/// Stores matrices in blocks for <c>MatMulNBits</c> and tables for <c>GatherBlockQuantized</c>. A table that is also the head, turned, is
/// stored once: both read the same blocks, rounded to the nearest. Other products may be rounded by what their inputs were on sample rows.
/// </summary>
internal sealed class BlockPass(int bits, PassSettings settings) : IOptimizationPass
{
    private readonly BlockFormat _format = new(bits, settings.Whole("block"), settings.Flag("symmetric"));
    private readonly long _accuracy = settings.Whole("accuracy");
    private readonly bool _embeddings = settings.Flag("embeddings");
    private readonly bool _gptq = settings.Text("rounding") == "gptq";
    private readonly long _min = (long)settings.Number("min");

    public string Apply(ModelGraph model)
    {
        var uses = new GraphUses(model);
        var candidates = model.Graph.Initializer.Where(tensor =>
            Tensors.IsFloat(tensor) && tensor.Dims.Count == 2 && Tensors.Count(tensor) >= _min && !uses.IsUsedElsewhere(tensor.Name)).ToList();
        var found = candidates.Select(tensor => (Tensor: tensor, Uses: BlockUses.Find(tensor, uses, _embeddings ? _format.Size : null)!))
            .Where(pair => pair.Uses is not null).ToList();
        var inputs = _gptq ? SeeInputs(model, found.Select(pair => pair.Uses)) : [];
        foreach (var (tensor, places) in found)
            Change(model, tensor, places, inputs);
        return found.Count > 0
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"{found.Count} weights of {found.Sum(pair => Tensors.Count(pair.Tensor))} numbers in blocks of {_format.Size} at {_format.Bits} bits")
            : throw new ModelRefusedException(
                $"int{bits} in blocks takes float weights of MatMul, Gemm or Gather with at least {_min} numbers, and it has none");
    }

    private static Dictionary<string, InputHessian> SeeInputs(ModelGraph model, IEnumerable<BlockUses> uses)
    {
        var seen = new Dictionary<string, InputHessian>(StringComparer.Ordinal);
        var wanted = uses.Where(CanMakeGood).SelectMany(found => found.Products).Select(product => product.Input[0]).Distinct().ToList();
        ActivationProbe.Run(model, wanted, (value, numbers, width) =>
        {
            if (!seen.TryGetValue(value, out var inputs))
                seen.Add(value, inputs = new InputHessian(width));
            inputs.Add(numbers);
        });
        return seen;
    }

    // Of several inputs none says what suits the others, and a row that is looked up is wanted as it is.
    private static bool CanMakeGood(BlockUses uses) =>
        uses.Gathers.Count == 0 && uses.Products.Select(product => product.Input[0]).Distinct().Count() == 1;

    private void Change(ModelGraph model, TensorProto tensor, BlockUses uses, Dictionary<string, InputHessian> inputs)
    {
        model.UseContributed();
        var (rows, columns) = uses.IsTurned ? (tensor.Dims[1], tensor.Dims[0]) : (tensor.Dims[0], tensor.Dims[1]);
        var numbers = Tensors.Floats(tensor);
        if (uses.IsTurned)
            numbers = Turn(numbers, (int)tensor.Dims[0], (int)tensor.Dims[1]);
        var seen = CanMakeGood(uses) ? inputs.GetValueOrDefault(uses.Products[0].Input[0]) : null;
        var weights = BlockWeights.Quantize(numbers, (int)rows, _format, seen is null ? null : GptqRounding.Of(seen));
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
