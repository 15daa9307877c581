using Google.Protobuf;
using Serverless.Contracts.Errors;
using Serverless.Inference.Execution;
using Serverless.Inference.Tensors;
using Serverless.Worker.Grpc.Protocol;
using Serverless.Worker.Json;
using Serverless.Worker.OpenInference;

namespace Serverless.Worker.Grpc;

/// <summary>Turns an input of gRPC's messages into a tensor.</summary>
internal static class InputMessages
{
    /// <param name="input">The input.</param>
    /// <param name="raw">Its bytes, if the request has raw contents.</param>
    /// <param name="model">What it must fit.</param>
    /// <exception cref="InferenceException">It does not fit.</exception>
    public static BufferTensor Read(ModelInferRequest.Types.InferInputTensor input, ByteString? raw, SignatureTable model)
    {
        if (input.Name.Length == 0)
            throw JsonValues.Invalid("An input has no name.", "inputs");
        var wanted = RequestCheck.Input(model.Signature, input.Name);
        long[] shape = [.. input.Shape];
        var count = RequestCheck.Fit(wanted, input.Datatype, shape);
        _ = Datatypes.TryParse(input.Datatype, out var datatype);
        if (raw is not null)
        {
            BinarySizes.Check(input.Name, datatype, shape, count, raw.Length);
            return BinaryTensor.Create(new BinaryInput(0, input.Name, datatype, shape, count, raw.Length), raw.Span);
        }

        if (input.Contents is null && count > 0)
            throw JsonValues.Invalid($"Input '{input.Name}' has no data.", input.Name);
        return TypedContents.Read(input.Contents ?? new InferTensorContents(), input.Name, datatype, shape, count);
    }
}
