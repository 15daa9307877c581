using System.Globalization;
using Google.Protobuf;
using Google.Protobuf.Collections;
using Serverless.Contracts.Errors;
using Serverless.Inference.Execution;
using Serverless.Inference.Tensors;
using Serverless.Models.Manifest;
using Serverless.Worker.Grpc.Protocol;
using Serverless.Worker.Json;
using Serverless.Worker.OpenInference;

namespace Serverless.Worker.Grpc;

/// <summary>Turns gRPC's messages into inference requests, and outcomes into messages.</summary>
internal static class InferMessages
{
    /// <exception cref="InferenceException">The message does not fit the model.</exception>
    public static InferRequest Read(ModelInferRequest message, SignatureTable model)
    {
        var request = new InferRequest
        {
            Model = model,
            Id = message.Id.Length == 0 ? null : message.Id,
            Parameters = Parameters(message.Parameters, "parameters"),
            Inputs = new BufferTensor?[model.Inputs.Count],
        };
        try
        {
            CheckRaw(message);
            for (var i = 0; i < message.Inputs.Count; i++)
            {
                Parameters(message.Inputs[i].Parameters, $"inputs[{i}].parameters");
                Add(request, InputMessages.Read(message.Inputs[i], i < message.RawInputContents.Count ? message.RawInputContents[i] : null, model));
            }

            RequestCheck.Complete(model.Signature, Enumerable.Range(0, request.InputCount).Select(request.NameOf));
            foreach (var output in message.Outputs)
                Parameters(output.Parameters, $"outputs['{output.Name}'].parameters");
            request.Outputs = RequestCheck.Outputs(
                model.Signature, message.Outputs.Count == 0 ? null : [.. message.Outputs.Select(output => output.Name)]);
            return request;
        }
        catch
        {
            request.Dispose();
            throw;
        }
    }

    /// <summary>The answer, over <paramref name="memory"/>.</summary>
    public static ModelInferResponse Write(ModelManifest manifest, InferRequest request, RunOutcome outcome, PooledBytes memory)
    {
        var response = new ModelInferResponse
        {
            ModelName = manifest.Name,
            ModelVersion = manifest.Version.ToString(CultureInfo.InvariantCulture),
            Id = request.Id ?? string.Empty,
        };
        // Raw contents are for all outputs or for none.
        var typed = request.Parameters?.BinaryDataOutput == false && outcome.Outputs.All(output => Datatypes.HasJsonForm(output.Datatype));
        foreach (var output in outcome.Outputs)
        {
            var tensor = new ModelInferResponse.Types.InferOutputTensor { Name = output.Name, Datatype = Datatypes.NameOf(output.Datatype) };
            tensor.Shape.AddRange(output.Shape);
            response.Outputs.Add(tensor);
            if (typed)
                tensor.Contents = TypedContents.Write(output);
            else
                response.RawOutputContents.Add(Raw(output, memory));
        }

        return response;
    }

    private static ByteString Raw(Tensor output, PooledBytes memory)
    {
        var size = BinaryOutputs.SizeOf(output);
        if (size > Array.MaxLength)
            throw new InferenceException(ErrorKind.NotImplemented, $"The output '{output.Name}' is larger than a gRPC message may be.");
        var block = memory.Rent((int)size);
        BinaryOutputs.CopyTo(output, block.Span);
        return UnsafeByteOperations.UnsafeWrap(block);
    }

    private static void CheckRaw(ModelInferRequest message)
    {
        if (message.RawInputContents.Count == 0)
            return;
        if (message.RawInputContents.Count != message.Inputs.Count)
        {
            throw JsonValues.Invalid(
                $"raw_input_contents has {message.RawInputContents.Count} entries for {message.Inputs.Count} inputs: send one for each, or none.",
                "raw_input_contents");
        }

        if (message.Inputs.FirstOrDefault(input => input.Contents is not null) is { } both)
            throw JsonValues.Invalid($"Input '{both.Name}' has contents beside raw_input_contents; send one of them.", both.Name);
    }

    private static void Add(InferRequest request, BufferTensor tensor)
    {
        for (var i = 0; i < request.InputCount; i++)
        {
            if (request.NameOf(i) != tensor.Name)
                continue;
            tensor.Dispose();
            throw JsonValues.Invalid($"The input '{tensor.Name}' is there twice.", tensor.Name);
        }

        request.Inputs[request.InputCount++] = tensor;
    }

    private static RequestParameters? Parameters(MapField<string, InferParameter> map, string where)
    {
        if (map.Count == 0)
            return null;
        var parameters = new RequestParameters();
        foreach (var (name, parameter) in map)
            parameters.Set(name, ValueOf(parameter, $"{where}.{name}"), $"{where}.{name}");
        return parameters;
    }

    private static object ValueOf(InferParameter parameter, string where) => parameter.ParameterChoiceCase switch
    {
        InferParameter.ParameterChoiceOneofCase.BoolParam => parameter.BoolParam,
        InferParameter.ParameterChoiceOneofCase.Int64Param => parameter.Int64Param,
        InferParameter.ParameterChoiceOneofCase.Uint64Param => (long)Math.Min(parameter.Uint64Param, long.MaxValue),
        InferParameter.ParameterChoiceOneofCase.DoubleParam => parameter.DoubleParam,
        InferParameter.ParameterChoiceOneofCase.StringParam => parameter.StringParam,
        _ => throw JsonValues.Invalid($"{where} has no value.", where),
    };
}
