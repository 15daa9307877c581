using System.Text.Json;
using Serverless.Contracts.Errors;
using Serverless.Inference.Execution;
using Serverless.Inference.Tensors;
using Serverless.Worker.Json;

namespace Serverless.Worker.OpenInference;

/// <summary>Reads the JSON of an inference request against a model's signature.</summary>
internal static class InferRequestReader
{
    /// <exception cref="InferenceException">It is not valid JSON, or does not fit the model.</exception>
    public static InferRequest Read(ReadOnlySpan<byte> text, SignatureTable model)
    {
        var request = new InferRequest { Model = model, Inputs = new BufferTensor?[model.Inputs.Count] };
        try
        {
            var cursor = new JsonCursor(text);
            Read(ref cursor, model, request);
            return request;
        }
        catch (JsonException error)
        {
            request.Dispose();
            throw JsonBodies.NotJson(text, error);
        }
        catch
        {
            request.Dispose();
            throw;
        }
    }

    private static void Read(ref JsonCursor cursor, SignatureTable model, InferRequest request)
    {
        List<RequestedOutput>? outputs = null;
        var hasInputs = false;
        if (cursor.Peek() != '{')
            throw JsonValues.Invalid($"The request body must be an object, not {JsonValues.Describe(cursor.PeekType())}.");
        cursor.Position++;
        for (var first = true; cursor.Next('}', ref first);)
        {
            var property = cursor.TakeName();
            if (property.SequenceEqual("inputs"u8))
            {
                if (hasInputs)
                    throw JsonValues.Invalid("inputs is there twice.", "inputs");
                hasInputs = true;
                ReadInputs(ref cursor, model, request);
            }
            else if (property.SequenceEqual("outputs"u8))
                outputs = ReadOutputs(ref cursor);
            else
                ReadOther(ref cursor, property, request);
        }

        if (cursor.Peek() != 0 || cursor.BytesLeft > 0)
            throw JsonCursor.Fault();
        if (!hasInputs)
            throw JsonValues.Invalid("""inputs is missing: a request is {"inputs": [{"name", "shape", "datatype", "data"}]}.""", "inputs");
        if (request.InputCount < model.Inputs.Count)
            RequestCheck.Complete(model.Signature, Enumerable.Range(0, request.InputCount).Select(request.NameOf));
        OutputChoice.Apply(request, model, outputs);
    }

    private static void ReadOther(ref JsonCursor cursor, ReadOnlySpan<byte> property, InferRequest request)
    {
        if (property.SequenceEqual("id"u8))
        {
            var reader = cursor.Reader();
            reader.Read();
            request.Id = JsonValues.String(ref reader, "id");
            cursor.Skip(reader.BytesConsumed);
        }
        else if (property.SequenceEqual("parameters"u8))
        {
            var reader = cursor.Reader();
            reader.Read();
            request.Parameters = RequestParameters.Read(ref reader, "parameters");
            cursor.Skip(reader.BytesConsumed);
        }
        else
            cursor.Skip();
    }

    private static void ReadInputs(ref JsonCursor cursor, SignatureTable model, InferRequest request)
    {
        cursor.Open('[', "inputs");
        for (var first = true; cursor.Next(']', ref first);)
            InputReader.Read(ref cursor, model, request);
    }

    private static List<RequestedOutput> ReadOutputs(ref JsonCursor cursor)
    {
        var reader = cursor.Reader();
        reader.Read();
        var outputs = RequestedOutputs.Read(ref reader);
        cursor.Skip(reader.BytesConsumed);
        return outputs;
    }
}
