using Serverless.Contracts.Errors;
using Serverless.Contracts.Models;
using Serverless.Inference.Execution;
using Serverless.Inference.Lifecycle;
using Serverless.Models.Manifest;
using Serverless.Worker.Costs;
using Serverless.Worker.Generation.Answers;
using Serverless.Worker.Http;
using Serverless.Worker.InProcess;
using Serverless.Worker.Serving;

namespace Serverless.Worker.Generation;

/// <summary>Serves one request for text, from the wait for its model to the end of its answer.</summary>
internal sealed class GenerationHandler(ModelCalls calls, FailureReport failures, TimeProvider time)
{
    /// <exception cref="InferenceException">Nothing was sent yet, and the error says why.</exception>
    public Task ServeAsync(HttpContext context, ModelReference reference, GenerationCall call)
    {
        // What is wrong with the request is told before its model is waited for.
        var price = AskedCost.Of(context);
        if (!call.Stream)
            return AnswerAsync(context, reference, call, price);
        return context.Features.Get<LocalResponse>() is null
            ? StreamAsync(context, reference, call, price)
            : throw new InferenceException(
                ErrorKind.InvalidRequest, "This answer is written to storage, whole: leave out what asks for a stream.", call.StreamParameter);
    }

    private async Task StreamAsync(HttpContext context, ModelReference reference, GenerationCall call, ReplicaPrice? price)
    {
        await using var events = new EventStream(context, time);
        using var cancellation = calls.NewCancellation();
        try
        {
            events.TellsUsage = AskedUsage.Is(context);
            await calls.InferAsync(context, reference, cancellation, async (_, lease, terms, token) =>
            {
                var started = time.GetTimestamp();
                var (run, answer) = Start(lease, reference, call, price, terms, token);
                using (run)
                {
                    void Begun() => events.ServerTiming = ServerTiming.Of(context, lease, run.Queue, time.GetElapsedTime(started) - run.Queue);
                    await GenerationPump.SendAsync(run, answer, events, cancellation, Begun);
                }
            });
        }
        catch (Exception error)
        {
            if (!await events.EndHeartbeatsAsync())
                throw;
            var told = failures.Explain(context, error);
            if (told.Kind != ErrorKind.Cancelled)
                await events.FailAsync(told);
        }
    }

    private async Task AnswerAsync(HttpContext context, ModelReference reference, GenerationCall call, ReplicaPrice? price)
    {
        using var cancellation = calls.NewCancellation();
        await calls.InferAsync(context, reference, cancellation, async (_, lease, terms, token) =>
        {
            var started = time.GetTimestamp();
            var (run, answer) = Start(lease, reference, call, price, terms, token);
            using (run)
            {
                // Nobody waits for a batch's answer: it may take as long as it goes on.
                var texts = await GenerationPump.GatherAsync(run, terms.Priority == RunPriority.Batch ? cancellation : null);
                ServerTiming.Write(context, lease, run.Queue, time.GetElapsedTime(started) - run.Queue, run.Usage.Device);
                AskedUsage.Write(context, run.Usage.Tokens);
                await using var json = new JsonAnswer(context, token);
                answer.Write(json.Json, texts, run.Usage);
                await json.CompleteAsync();
            }
        });
    }

    private (GenerationRun Run, GenerationAnswer Answer) Start(
        ModelLease lease, ModelReference asked, GenerationCall call, ReplicaPrice? price, RunTerms terms, CancellationToken cancellationToken)
    {
        var generator = lease.Generator ?? throw new InferenceException(
            ErrorKind.InvalidRequest,
            $"Model '{lease.Manifest.Name}' does not generate text: its task is {lease.Manifest.Task ?? ModelTasks.Generic}, "
            + $"not {ModelTasks.TextGeneration}.",
            "model");
        var requests = call.RequestsFor(generator);
        var answer = call.AnswerFrom(new AnswerSource(generator, lease.Manifest, time.GetUtcNow(), price));
        var span = GenerationSpan.Start(asked.ToString(), lease.Manifest, requests[0]);
        return (GenerationRun.Start(generator, requests, span, terms, cancellationToken), answer);
    }
}
