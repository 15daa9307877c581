using Serverless.Inference.Onnx;
using Serverless.Inference.Onnx.Preparation;
using Serverless.Models.Manifest;

namespace Serverless.Optimization.Partitioning;

/// <summary>What the prepared stages of a model take and give, together.</summary>
internal static class StageSignatures
{
    /// <summary>Whether every stage takes as many rows as what it reads can have.</summary>
    public static bool Agree(IReadOnlyList<PreparedGraph> stages, OnnxSignature whole)
    {
        var values = Whole(stages, whole).Inputs.Concat(stages.SelectMany(stage => stage.Signature.Outputs))
            .ToDictionary(value => value.Name, StringComparer.Ordinal);
        return stages.SelectMany(stage => stage.Signature.Inputs).All(input => TakesRowsOf(input, values[input.Name]));
    }

    /// <summary>The signature of the whole as the stages have it: preparing may have freed how many rows there are.</summary>
    public static OnnxSignature Whole(IReadOnlyList<PreparedGraph> stages, OnnxSignature whole) => new(
        [.. whole.Inputs.Select(input => Find(stages.SelectMany(stage => stage.Signature.Inputs), input))],
        [.. whole.Outputs.Select(output => Find(stages.SelectMany(stage => stage.Signature.Outputs), output))]);

    private static TensorSignature Find(IEnumerable<TensorSignature> tensors, TensorSignature asPushed) =>
        tensors.FirstOrDefault(tensor => tensor.Name == asPushed.Name) ?? asPushed;

    private static bool TakesRowsOf(TensorSignature input, TensorSignature value) =>
        input.Shape is not [>= 0 and var rows, ..] || (value.Shape is [var given, ..] && given == rows);
}
