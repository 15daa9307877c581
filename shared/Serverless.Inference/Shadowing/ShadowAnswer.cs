using Serverless.Contracts.Errors;
using Serverless.Inference.Comparison;
using Serverless.Inference.Execution;
using Serverless.Inference.Lifecycle;
using Serverless.Inference.Onnx.Preparation;
using Serverless.Inference.Tensors;

namespace Serverless.Inference.Shadowing;

/// <summary>Holds a shadow's answer against the one that was given.</summary>
internal static class ShadowAnswer
{
    /// <summary>The outputs to run the shadow for: those that were answered.</summary>
    /// <exception cref="InferenceException">The shadow does not take the request, or does not answer what was answered.</exception>
    public static IReadOnlyList<string> OutputsFor(ShadowJob job, LoadedModel shadow)
    {
        if (shadow.Manifest.Decoder is not null)
            throw new InferenceException(ErrorKind.InvalidRequest, "The shadow generates text, and cannot be compared with a model that does not.");
        foreach (var input in job.Inputs)
            RequestCheck.Fit(RequestCheck.Input(shadow.Signature, input.Name), Datatypes.NameOf(input.Datatype), input.Shape);
        RequestCheck.Complete(shadow.Signature, job.Inputs.Select(input => input.Name));
        return RequestCheck.Outputs(shadow.Signature, [.. job.Wanted.Select(output => output.Name)]);
    }

    /// <summary>Row by row: what the first dimension counts are answers to different questions.</summary>
    /// <exception cref="InferenceException">The shadow's outputs have other shapes.</exception>
    public static AnswerDistance Compare(IReadOnlyList<Tensor> wanted, IReadOnlyList<Tensor> found)
    {
        var distance = new AnswerDistance();
        for (var i = 0; i < wanted.Count; i++)
        {
            if (wanted[i].Datatype == TensorDatatype.Bytes || found[i].Datatype == TensorDatatype.Bytes || wanted[i].Count == 0)
                continue;
            if (!wanted[i].Dimensions.AsSpan().SequenceEqual(found[i].Dimensions))
            {
                throw new InferenceException(
                    ErrorKind.InvalidRequest,
                    $"The shadow's output '{wanted[i].Name}' is {TensorShape.Format(found[i].Shape)} where {TensorShape.Format(wanted[i].Shape)} was answered.");
            }

            var (one, other) = (Numbers(wanted[i]), Numbers(found[i]));
            var rows = wanted[i].Dimensions.Length == 0 ? 1 : (int)wanted[i].Dimensions[0];
            var width = one.Length / rows;
            for (var row = 0; row < rows; row++)
                distance.Add(one.AsSpan(row * width, width), other.AsSpan(row * width, width));
        }

        return distance.Count > 0
            ? distance
            : throw new InferenceException(ErrorKind.InvalidRequest, "The answers have no numbers to be compared.");
    }

    private static float[] Numbers(Tensor output)
    {
        var numbers = new float[output.Count];
        for (var i = 0; i < numbers.Length; i++)
            numbers[i] = (float)TensorElements.At(output.Datatype, output.Data, i);
        return numbers;
    }
}
