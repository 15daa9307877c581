using Serverless.Contracts.Models;
using Serverless.Worker.Http;
using Serverless.Worker.Serving;

namespace Serverless.Worker.OpenInference;

/// <summary>Serves one inference request from its body to its answer.</summary>
internal sealed class InferHandler(ModelCalls calls, TimeProvider time)
{
    public Task ServeAsync(HttpContext context, ModelReference reference) =>
        calls.InferAsync(context, reference, async (lease, terms, cancellation) =>
        {
            using var request = await InferBody.ReadAsync(context, SignatureTable.Of(lease.Signature), cancellation);
            terms = request.Parameters?.ApplyTo(terms, time) ?? terms;
            using var outcome = await lease.RunAsync(request.TakeInputs(), request.Outputs, terms, cancellation);
            ServerTiming.Write(context.Response, lease, outcome.Queue, outcome.Run);
            await InferAnswer.WriteAsync(context, lease.Manifest, request, outcome, cancellation);
        });
}
