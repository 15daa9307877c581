using Microsoft.Extensions.ObjectPool;
using Microsoft.Extensions.Options;
using Serverless.Contracts.Errors;
using Serverless.Contracts.Http;
using Serverless.Contracts.Models;
using Serverless.Inference.Accounting;
using Serverless.Inference.Diagnostics;
using Serverless.Inference.Execution;
using Serverless.Inference.Lifecycle;
using Serverless.Worker.Configuration;
using Serverless.Worker.Draining;
using Serverless.Worker.Transport;

namespace Serverless.Worker.Serving;

/// <summary>What every call of a model has in common: a deadline, the wait for the model, the count of its outcome.</summary>
internal sealed class ModelCalls(
    ModelRegistry registry, RequestMeter meter, DeviceTimes devices, IOptions<WorkerOptions> options, Drain drain, TimeProvider time)
{
    private static readonly TimeSpan LoadRetryAfter = TimeSpan.FromSeconds(5);

    private readonly ObjectPool<CallCancellation> _cancellations = new DefaultObjectPoolProvider().Create(new CancellationPolicy(drain));

    /// <summary>
    /// Runs <paramref name="call"/>, which reads a body and infers, on the terms that the request's headers set.
    /// </summary>
    /// <exception cref="InferenceException">The model or the call failed, or the time ran out.</exception>
    public Task InferAsync(HttpContext context, ModelReference reference, InferCall call) =>
        RunAsync(context, reference, RequestTerms.Read(context, time.GetTimestamp(), time), call);

    /// <summary>The same with the caller's own <paramref name="cancellation"/>, which it may prolong.</summary>
    /// <exception cref="InferenceException">The model or the call failed, or the time ran out.</exception>
    public Task InferAsync(HttpContext context, ModelReference reference, CallCancellation cancellation, InferCall call) =>
        RunAsync(context, reference, RequestTerms.Read(context, time.GetTimestamp(), time), call, cancellation);

    /// <summary>Runs <paramref name="call"/> with the model that <paramref name="reference"/> names.</summary>
    /// <exception cref="InferenceException">The model or the call failed, or the time ran out.</exception>
    public Task ServeAsync(HttpContext context, ModelReference reference, Func<ModelLease, CancellationToken, Task> call) =>
        RunAsync(context, reference, terms: null, (_, lease, _, cancellation) => call(lease, cancellation));

    // One state machine for all of it: each further one costs a small model's request about as much as its run.
    private async Task RunAsync(
        HttpContext context, ModelReference reference, RunTerms? terms, InferCall call, CallCancellation? own = null)
    {
        var started = time.GetTimestamp();
        TrafficSlice? slice = terms is { } mine && reference.Alias is not null ? RequestTerms.ReadSlice(context, reference.Name, mine.Tenant) : null;
        var cancellation = own ?? _cancellations.Get();
        cancellation.Begin(options.Value.RequestTimeout, context.RequestAborted);
        string? outcome = null;
        var version = "";
        try
        {
            using var lease = registry.TryAcquire(reference, slice) ?? await AcquireAsync(context, reference, slice, cancellation.Token);
            version = lease.VersionLabel;
            // A gRPC stream answers many calls with one set of headers.
            if (reference.Version is null && !context.Response.HasStarted)
                context.Response.Headers[InferenceHeaders.Version] = lease.VersionText;
            outcome = ErrorTable.Of(ErrorKind.Internal).Code;
            // The wait for a model that had to be loaded first is not held against its caller here: the queue knows the deadline.
            if (terms is { } asked)
                lease.ThrowIfOverloaded(asked);
            await call(context, lease, terms ?? RunTerms.Default, cancellation.Token);
            outcome = "ok";
            if (terms is { } served)
                devices.Of(reference.Name, served.Tenant).CountRequest();
        }
        catch (InferenceException error) when (outcome is not null)
        {
            outcome = ErrorTable.Of(error.Error.Kind).Code;
            throw;
        }
        catch (OperationCanceledException error) when (outcome is not null)
        {
            var left = context.RequestAborted.IsCancellationRequested;
            outcome = ErrorTable.Of(left ? ErrorKind.Cancelled : ErrorKind.DeadlineExceeded).Code;
            if (left || !cancellation.Token.IsCancellationRequested)
                throw;
            throw TooLate(error);
        }
        finally
        {
            // Models that do not exist are not counted: their names are strangers' choice.
            if (outcome is not null)
                meter.Record(reference.Name, version, outcome, time.GetElapsedTime(started));
            cancellation.End();
            if (own is null)
                _cancellations.Return(cancellation);
        }
    }

    /// <summary>A cancellation for a caller that prolongs it.</summary>
    public CallCancellation NewCancellation() => new(drain.Ended);

    private InferenceException TooLate(OperationCanceledException error) => drain.Ended.IsCancellationRequested ? new(Drain.Error, error) : new(
        ErrorKind.DeadlineExceeded, $"The answer was not ready within {options.Value.RequestTimeout.TotalSeconds:0} s.", inner: error);

    /// <summary>Loads the model that <paramref name="reference"/> names, and answers when it is ready.</summary>
    /// <exception cref="InferenceException">It does not exist, cannot be loaded, or is still loading when the time runs out.</exception>
    public async Task LoadAsync(HttpContext context, ModelReference reference)
    {
        using var deadline = new CancellationTokenSource(options.Value.RequestTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, context.RequestAborted);
        await WaitAsync(context, reference, () => registry.LoadAsync(reference, either.Token));
    }

    private async Task<ModelLease> AcquireAsync(
        HttpContext context, ModelReference reference, TrafficSlice? slice, CancellationToken cancellationToken)
    {
        ModelLease? lease = null;
        await ThreadPoolTurn.Take();
        await WaitAsync(context, reference, async () => lease = await registry.AcquireAsync(reference, slice, cancellationToken));
        return lease!;
    }

    private static async Task WaitAsync(HttpContext context, ModelReference reference, Func<Task> load)
    {
        try
        {
            await load();
        }
        catch (OperationCanceledException error) when (!context.RequestAborted.IsCancellationRequested)
        {
            throw new InferenceException(
                new InferenceError(
                    ErrorKind.ModelUnavailable, $"Model {reference} is still loading; retry later.", "model", LoadRetryAfter),
                error);
        }
    }
}
