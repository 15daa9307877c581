using System.Globalization;
using Grpc.Core;
using Serverless.Models.Manifest;
using Serverless.Worker.Grpc.Protocol;
using Serverless.Worker.Repository;

namespace Serverless.Worker.Grpc;

/// <content>What there is to know of the server and its models.</content>
internal sealed partial class InferenceService
{
    public override Task<ServerLiveResponse> ServerLive(ServerLiveRequest request, ServerCallContext context) =>
        Task.FromResult(new ServerLiveResponse { Live = true });

    public override Task<ServerReadyResponse> ServerReady(ServerReadyRequest request, ServerCallContext context) =>
        Task.FromResult(new ServerReadyResponse { Ready = state.IsReady });

    public override Task<ServerMetadataResponse> ServerMetadata(ServerMetadataRequest request, ServerCallContext context)
    {
        var response = new ServerMetadataResponse { Name = OpenInference.ServerMetadata.Name, Version = OpenInference.ServerMetadata.Version };
        response.Extensions.AddRange(OpenInference.ServerMetadata.Extensions);
        return Task.FromResult(response);
    }

    // Asking loads the model, as over HTTP.
    public override async Task<ModelReadyResponse> ModelReady(ModelReadyRequest request, ServerCallContext context)
    {
        await calls.ServeAsync(context.GetHttpContext(), Reference(request.Name, request.Version), static (_, _) => Task.CompletedTask);
        return new ModelReadyResponse { Ready = true };
    }

    public override async Task<ModelMetadataResponse> ModelMetadata(ModelMetadataRequest request, ServerCallContext context)
    {
        var reference = Reference(request.Name, request.Version);
        var response = new ModelMetadataResponse { Platform = OpenInference.ModelMetadata.Platform };
        await calls.ServeAsync(context.GetHttpContext(), reference, async (lease, cancellation) =>
        {
            response.Name = lease.Manifest.Name;
            foreach (var version in (await catalog.GetVersionsAsync(reference.Name, cancellation)).Order())
                response.Versions.Add(version.ToString(CultureInfo.InvariantCulture));
            response.Inputs.AddRange(lease.Signature.Inputs.Select(ToMessage));
            response.Outputs.AddRange(lease.Signature.Outputs.Select(ToMessage));
            foreach (var (name, value) in OpenInference.ModelMetadata.Properties(lease, provider))
                response.Properties[name] = value;
        });
        return response;
    }

    public override async Task<RepositoryIndexResponse> RepositoryIndex(RepositoryIndexRequest request, ServerCallContext context)
    {
        RefuseRepositoryName(request.RepositoryName);
        var response = new RepositoryIndexResponse();
        foreach (var row in await repository.ListAsync(request.Ready, context.CancellationToken))
        {
            response.Models.Add(new RepositoryIndexResponse.Types.ModelIndex
            {
                Name = row.Name,
                Version = row.Version,
                State = row.State,
                Reason = row.Reason,
            });
        }

        return response;
    }

    public override async Task<RepositoryModelLoadResponse> RepositoryModelLoad(
        RepositoryModelLoadRequest request, ServerCallContext context)
    {
        RefuseRepositoryName(request.RepositoryName);
        if (request.Parameters.Count > 0)
            throw RepositoryRequests.OfLoad();
        await repository.LoadAsync(context.GetHttpContext(), request.ModelName);
        return new RepositoryModelLoadResponse();
    }

    public override async Task<RepositoryModelUnloadResponse> RepositoryModelUnload(
        RepositoryModelUnloadRequest request, ServerCallContext context)
    {
        RefuseRepositoryName(request.RepositoryName);
        await repository.UnloadAsync(request.ModelName, context.CancellationToken);
        return new RepositoryModelUnloadResponse();
    }

    private static ModelMetadataResponse.Types.TensorMetadata ToMessage(TensorSignature tensor)
    {
        var message = new ModelMetadataResponse.Types.TensorMetadata { Name = tensor.Name, Datatype = tensor.Datatype };
        message.Shape.AddRange(tensor.Shape);
        return message;
    }
}
