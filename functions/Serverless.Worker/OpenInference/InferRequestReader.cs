using System.Text.Json;
using Serverless.Contracts.Errors;
using Serverless.Inference.Execution;
using Serverless.Inference.Onnx;
using Serverless.Inference.Tensors;
using Serverless.Worker.Http;

namespace Serverless.Worker.OpenInference;

/// <summary>Reads the JSON of an inference request against a model's signature.</summary>
internal static class InferRequestReader
{
    /// <exception cref="InferenceException">It is not valid JSON, or does not fit the model.</exception>
    public static InferRequest Read(ReadOnlySpan<byte> body, OnnxSignature signature)
    {
        var inputs = new List<BufferTensor>();
        try
        {
            return Read(body, signature, inputs);
        }
        catch (Exception error)
        {
            inputs.ForEach(input => input.Dispose());
            if (error is JsonException notJson)
                throw JsonBody.NotJson(notJson);
            throw;
        }
    }

    private static InferRequest Read(ReadOnlySpan<byte> body, OnnxSignature signature, List<BufferTensor> inputs)
    {
        var reader = JsonBody.Reader(body);
        string? id = null;
        List<string>? outputs = null;
        var hasInputs = false;
        reader.Read();
        JsonValues.ExpectObjectAsBody(ref reader);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var property = reader.GetString();
            reader.Read();
            switch (property)
            {
                case "id":
                    id = JsonValues.String(ref reader, "id");
                    break;
                case "parameters":
                    RequestParameters.Check(ref reader, "parameters");
                    break;
                case "inputs":
                    if (hasInputs)
                        throw JsonValues.Invalid("inputs is there twice.", "inputs");
                    hasInputs = true;
                    ReadInputs(ref reader, signature, inputs);
                    break;
                case "outputs":
                    outputs = RequestedOutputs.Read(ref reader);
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        // One more read finds whatever follows the object, which must be nothing.
        reader.Read();
        if (!hasInputs)
            throw JsonValues.Invalid("""inputs is missing: a request is {"inputs": [{"name", "shape", "datatype", "data"}]}.""", "inputs");
        RequestCheck.Complete(signature, inputs.Select(input => input.Name));
        var names = RequestCheck.Outputs(signature, outputs);
        CheckJsonForm(signature, names);
        return new InferRequest(id, inputs, names);
    }

    private static void ReadInputs(ref Utf8JsonReader reader, OnnxSignature signature, List<BufferTensor> inputs)
    {
        JsonValues.Expect(ref reader, JsonTokenType.StartArray, "inputs");
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            var tensor = InputReader.Read(ref reader, signature, inputs.Count);
            inputs.Add(tensor);
            if (inputs.Take(inputs.Count - 1).Any(other => other.Name == tensor.Name))
                throw JsonValues.Invalid($"The input '{tensor.Name}' is there twice.", tensor.Name);
        }
    }

    private static void CheckJsonForm(OnnxSignature signature, IReadOnlyList<string> outputs)
    {
        foreach (var output in signature.Outputs.Where(output => outputs.Contains(output.Name)))
        {
            if (Datatypes.TryParse(output.Datatype, out var datatype) && !Datatypes.HasJsonForm(datatype))
            {
                throw JsonValues.Invalid(
                    $"The output '{output.Name}' is {output.Datatype}, which has no JSON form; binary tensor data is not supported yet, "
                    + "so request other outputs.", "outputs");
            }
        }
    }
}
