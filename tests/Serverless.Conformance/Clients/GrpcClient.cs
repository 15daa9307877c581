using Google.Protobuf;
using Grpc.Core;
using Serverless.Conformance.Data;
using Serverless.Inference.Tensors;
using Serverless.Worker.Grpc.Protocol;

namespace Serverless.Conformance.Clients;

/// <summary>Sends tensors over gRPC.</summary>
internal static class GrpcClient
{
    public static async Task<CallResult> CallAsync(
        GRPCInferenceService.GRPCInferenceServiceClient client,
        string model,
        IReadOnlyList<CaseTensor> inputs,
        CancellationToken cancellationToken)
    {
        var request = new ModelInferRequest { ModelName = model };
        foreach (var input in inputs)
        {
            request.Inputs.Add(new ModelInferRequest.Types.InferInputTensor
            {
                Name = input.Name,
                Datatype = Datatypes.NameOf(input.Datatype),
                Shape = { input.Shape },
            });
            request.RawInputContents.Add(ByteString.CopyFrom(input.ToBinary()));
        }

        try
        {
            var response = await client.ModelInferAsync(request, cancellationToken: cancellationToken);
            return new CallResult(200, [.. response.Outputs.Select((output, index) => CaseTensor.FromBinary(
                output.Name, output.Datatype, [.. output.Shape], response.RawOutputContents[index].Span))], null);
        }
        catch (RpcException error)
        {
            return new CallResult(StatusOf(error.StatusCode), [], error.Status.Detail);
        }
    }

    private static int StatusOf(StatusCode code) => code switch
    {
        StatusCode.InvalidArgument => 400,
        StatusCode.NotFound => 404,
        StatusCode.ResourceExhausted => 429,
        StatusCode.Unimplemented => 501,
        StatusCode.Unavailable => 503,
        StatusCode.DeadlineExceeded => 504,
        _ => 500,
    };
}
