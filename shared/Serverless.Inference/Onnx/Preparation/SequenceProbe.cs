using Serverless.Inference.Tensors;
using Serverless.Models.Manifest;

namespace Serverless.Inference.Onnx.Preparation;

/// <summary>Finds out whether a model takes sequences with a mask, and which of its outputs are as long as the sequence.</summary>
internal static class SequenceProbe
{
    private static readonly int[] Lengths = [5, 9];

    /// <summary>Null when it takes none, or nobody can tell.</summary>
    public static SequenceRecord? Find(OnnxSession session)
    {
        var inputs = session.Signature.Inputs.Where(input => input.Shape is [< 0, < 0, ..]).ToList();
        var mask = inputs.FirstOrDefault(IsMask);
        // Dimensions that are open beside the length would have to be alike, which nothing proves.
        if (mask is null || inputs.Exists(input => input.Shape.Skip(2).Any(dimension => dimension < 0)))
            return null;
        var outputs = new HashSet<string>(session.Signature.Outputs.Select(output => output.Name), StringComparer.Ordinal);
        var others = new HashSet<string>(outputs, StringComparer.Ordinal);
        foreach (var length in Lengths)
        {
            if (!TryRun(session, length, outputs, others))
                return null;
        }

        return outputs.Count + others.Count == session.Signature.Outputs.Count
            ? new SequenceRecord([.. inputs.Select(input => input.Name)], [.. outputs.Order(StringComparer.Ordinal)], mask.Name)
            : null;
    }

    private static bool IsMask(TensorSignature input) =>
        input.Name.Contains("mask", StringComparison.OrdinalIgnoreCase) && input.Shape.Count == 2
        && Datatypes.TryParse(input.Datatype, out var datatype) && TensorElements.Precision(datatype) == 0;

    private static bool TryRun(OnnxSession session, int length, HashSet<string> outputs, HashSet<string> others)
    {
        var row = new SampleRow([.. session.Signature.Inputs.Select(input => MakeUp(input, length))]);
        if (RowBatch.TryRun(session, [row]) is not { } answer)
            return false;
        foreach (var tensor in answer)
        {
            var follows = tensor.Dimensions is [1, var width, ..] && width == length;
            (follows ? others : outputs).Remove(tensor.Name);
            tensor.Dispose();
        }

        return true;
    }

    private static SampleInput MakeUp(TensorSignature input, int length)
    {
        long[] shape = [.. input.Shape.Select((dimension, axis) => dimension >= 0 ? dimension : axis == 0 ? 1 : length)];
        _ = TensorShape.TryCount(shape, out var count);
        _ = Datatypes.TryParse(input.Datatype, out var datatype);
        var data = new byte[count * Datatypes.SizeOf(datatype)];
        if (IsMask(input))
            TensorElements.Fill(datatype, data, static () => 1);
        return new SampleInput(input.Name, datatype, shape, data);
    }
}
