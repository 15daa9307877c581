using Serverless.Inference.Execution;
using Serverless.Inference.Tensors;
using Serverless.Worker.Json;

namespace Serverless.Worker.OpenInference;

/// <summary>Which outputs a request gets, and in which form.</summary>
internal static class OutputChoice
{
    /// <param name="request">Gets the outputs.</param>
    /// <param name="model">What the model has.</param>
    /// <param name="wanted">What the caller asks for; null for all.</param>
    public static void Apply(InferRequest request, SignatureTable model, List<RequestedOutput>? wanted)
    {
        var allBinary = request.Parameters?.BinaryDataOutput == true;
        if (wanted is null)
        {
            request.Outputs = model.AllOutputs;
            if (allBinary)
                request.BinaryOutputs = [.. Enumerable.Repeat(true, model.AllOutputs.Length)];
        }
        else
        {
            request.Outputs = RequestCheck.Outputs(model.Signature, [.. wanted.Select(output => output.Name)]);
            if (wanted.Exists(output => output.Binary ?? allBinary))
                request.BinaryOutputs = [.. wanted.Select(output => output.Binary ?? allBinary)];
        }

        for (var i = 0; i < request.Outputs.Count; i++)
        {
            if (!request.IsBinary(i))
                CheckJsonForm(model, request.Outputs[i]);
        }
    }

    private static void CheckJsonForm(SignatureTable model, string name)
    {
        if (model.HasJsonForm(name))
            return;
        throw JsonValues.Invalid(
            $"The output '{name}' is of a datatype ({Datatypes.NameOf(TensorDatatype.Fp16)} or {Datatypes.NameOf(TensorDatatype.Bf16)}) that "
            + "has no JSON form: ask for it in binary, by the parameter binary_data or binary_data_output.", "outputs");
    }
}
