using Serverless.Contracts.Models;
using Serverless.Inference.Execution;
using Serverless.Inference.Lifecycle;
using Serverless.Worker.Http;
using Serverless.Worker.Serving;
using Serverless.Worker.Transport;

namespace Serverless.Worker.OpenInference;

/// <summary>Serves one inference request from its body to its answer.</summary>
internal sealed class InferHandler
{
    // So many numbers take 100 µs to write as JSON; the thread that reads connections has no longer for one of them.
    private const long MostElements = 1024;

    private readonly ModelCalls _calls;
    private readonly TimeProvider _time;
    private readonly InferCall _infer;

    public InferHandler(ModelCalls calls, TimeProvider time)
    {
        (_calls, _time) = (calls, time);
        _infer = InferAsync;
    }

    public Task ServeAsync(HttpContext context, ModelReference reference) => _calls.InferAsync(context, reference, _infer);

    private async Task InferAsync(HttpContext context, ModelLease lease, RunTerms terms, CancellationToken cancellation)
    {
        PlainInference.Check(lease);
        using var request = await InferBody.ReadAsync(context, SignatureTable.Of(lease.Signature), cancellation);
        terms = request.Parameters?.ApplyTo(terms, _time) ?? terms;
        AskedUsage.Write(context, request.Rows);
        using var outcome = await lease.RunAsync(request.TakeInputs(), request.Outputs, terms, cancellation);
        ServerTiming.Write(context, lease, outcome.Queue, outcome.Run, outcome.Device);
        if (IsLong(outcome))
            await ThreadPoolTurn.Take();
        await InferAnswer.WriteAsync(context, lease.Manifest, request, outcome, cancellation);
    }

    private static bool IsLong(RunOutcome outcome)
    {
        var elements = 0L;
        for (var i = 0; i < outcome.Outputs.Count; i++)
            elements += outcome.Outputs[i].Count;
        return elements > MostElements;
    }
}
