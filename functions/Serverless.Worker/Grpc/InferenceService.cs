using Grpc.Core;
using Serverless.Contracts.Errors;
using Serverless.Contracts.Models;
using Serverless.Inference.Onnx;
using Serverless.Models.Catalog;
using Serverless.Worker.Draining;
using Serverless.Worker.Grpc.Protocol;
using Serverless.Worker.OpenInference;
using Serverless.Worker.Repository;
using Serverless.Worker.Serving;
using Serverless.Worker.Statistics;

namespace Serverless.Worker.Grpc;

/// <summary>Inference and metadata over gRPC.</summary>
internal sealed partial class InferenceService(
    ModelCalls calls, ServerState state, RepositoryCalls repository, ModelCatalog catalog, ExecutionProviderChoice provider, StatisticsCalls statistics,
    Drain drain, TimeProvider time)
    : GRPCInferenceService.GRPCInferenceServiceBase
{
    public override async Task<ModelInferResponse> ModelInfer(ModelInferRequest request, ServerCallContext context)
    {
        var (answer, device) = await InferAsync(request, context, memory => context.GetHttpContext().Response.RegisterForDispose(memory));
        CostTrailer.Write(context, device);
        return answer;
    }

    // One after another, so that answers come in the order of their requests. A request that fails ends neither the stream nor the others.
    public override async Task ModelStreamInfer(
        IAsyncStreamReader<ModelInferRequest> requestStream,
        IServerStreamWriter<ModelStreamInferResponse> responseStream,
        ServerCallContext context)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken, drain.Begun);
        var device = TimeSpan.Zero;
        while (await NextAsync(requestStream, end.Token))
        {
            var request = requestStream.Current;
            PooledBytes? memory = null;
            try
            {
                var (answer, took) = await InferAsync(request, context, answer => memory = answer);
                device += took;
                await responseStream.WriteAsync(new ModelStreamInferResponse { InferResponse = answer }, context.CancellationToken);
            }
            catch (InferenceException error)
            {
                await responseStream.WriteAsync(
                    new ModelStreamInferResponse
                    {
                        ErrorMessage = error.Message,
                        InferResponse = new ModelInferResponse { ModelName = request.ModelName, Id = request.Id },
                    },
                    context.CancellationToken);
            }
            finally
            {
                memory?.Dispose();
            }
        }

        CostTrailer.Write(context, device);
    }

    // A stream has no end of its own: a worker that stops must not wait for one.
    private async Task<bool> NextAsync(IAsyncStreamReader<ModelInferRequest> requests, CancellationToken end)
    {
        try
        {
            return await requests.MoveNext(end);
        }
        catch (OperationCanceledException error) when (drain.Begun.IsCancellationRequested)
        {
            throw new InferenceException(Drain.Error, error);
        }
    }

    // The answer's memory goes to keep, since it is written after this has returned.
    private async Task<(ModelInferResponse Answer, TimeSpan Device)> InferAsync(
        ModelInferRequest message, ServerCallContext context, Action<PooledBytes> keep)
    {
        var reference = Reference(message.ModelName, message.ModelVersion);
        (ModelInferResponse? Answer, TimeSpan Device) inferred = default;
        await calls.InferAsync(context.GetHttpContext(), reference, async (_, lease, terms, cancellation) =>
        {
            PlainInference.Check(lease);
            using var request = InferMessages.Read(message, SignatureTable.Of(lease.Signature));
            terms = request.Parameters?.ApplyTo(terms, time) ?? terms;
            if (context.Deadline != DateTime.MaxValue)
                terms = terms.Within(context.Deadline - time.GetUtcNow().UtcDateTime, time);
            using var outcome = await lease.RunAsync(request.TakeInputs(), request.Outputs, terms, cancellation);
            var memory = new PooledBytes();
            keep(memory);
            inferred = (InferMessages.Write(lease.Manifest, request, outcome, memory), outcome.Device);
        });
        return inferred!;
    }

    private static ModelReference Reference(string name, string version) =>
        ModelPath.Reference(name, version.Length == 0 ? null : version);

    private static void RefuseRepositoryName(string name)
    {
        if (name.Length > 0)
            throw new InferenceException(ErrorKind.NotImplemented, "There is one repository: leave repository_name out.", "repository_name");
    }
}
