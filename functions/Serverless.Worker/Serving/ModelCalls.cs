using Microsoft.Extensions.Options;
using Serverless.Contracts.Errors;
using Serverless.Contracts.Models;
using Serverless.Inference.Diagnostics;
using Serverless.Inference.Execution;
using Serverless.Inference.Lifecycle;
using Serverless.Worker.Configuration;

namespace Serverless.Worker.Serving;

/// <summary>What every call of a model has in common: a deadline, the wait for the model, the count of its outcome.</summary>
internal sealed class ModelCalls(ModelRegistry registry, RequestMeter meter, IOptions<WorkerOptions> options, TimeProvider time)
{
    private static readonly TimeSpan LoadRetryAfter = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Runs <paramref name="call"/>, which reads a body and infers, on the terms that the request's headers set.
    /// </summary>
    /// <exception cref="InferenceException">The model or the call failed, or the time ran out.</exception>
    public Task InferAsync(
        HttpContext context, ModelReference reference, Func<ModelLease, RunTerms, CancellationToken, Task> call)
    {
        var terms = RequestTerms.Read(context, time.GetTimestamp(), time);
        return ServeAsync(context, reference, (lease, cancellation) =>
        {
            // The wait for a model that had to be loaded first is not held against its caller here: the queue knows the deadline.
            lease.ThrowIfOverloaded(terms);
            return call(lease, terms, cancellation);
        });
    }

    /// <summary>Runs <paramref name="call"/> with the model that <paramref name="reference"/> names.</summary>
    /// <exception cref="InferenceException">The model or the call failed, or the time ran out.</exception>
    public async Task ServeAsync(HttpContext context, ModelReference reference, Func<ModelLease, CancellationToken, Task> call)
    {
        var started = time.GetTimestamp();
        using var deadline = new CancellationTokenSource(options.Value.RequestTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, context.RequestAborted);
        using var lease = await AcquireAsync(context, reference, either.Token);
        var outcome = "ok";
        try
        {
            await call(lease, either.Token);
        }
        catch (InferenceException error)
        {
            outcome = ErrorTable.Of(error.Error.Kind).Code;
            throw;
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            outcome = ErrorTable.Of(ErrorKind.Cancelled).Code;
            throw;
        }
        catch (OperationCanceledException error) when (deadline.IsCancellationRequested)
        {
            outcome = ErrorTable.Of(ErrorKind.DeadlineExceeded).Code;
            throw new InferenceException(
                ErrorKind.DeadlineExceeded,
                $"The answer was not ready within {options.Value.RequestTimeout.TotalSeconds:0} s.",
                inner: error);
        }
        catch
        {
            outcome = ErrorTable.Of(ErrorKind.Internal).Code;
            throw;
        }
        finally
        {
            meter.Record(reference.Name, outcome, time.GetElapsedTime(started));
        }
    }

    /// <summary>Loads the model that <paramref name="reference"/> names, and answers when it is ready.</summary>
    /// <exception cref="InferenceException">It does not exist, cannot be loaded, or is still loading when the time runs out.</exception>
    public async Task LoadAsync(HttpContext context, ModelReference reference)
    {
        using var deadline = new CancellationTokenSource(options.Value.RequestTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, context.RequestAborted);
        await WaitAsync(context, reference, () => registry.LoadAsync(reference, either.Token));
    }

    private async Task<ModelLease> AcquireAsync(HttpContext context, ModelReference reference, CancellationToken cancellationToken)
    {
        ModelLease? lease = null;
        await WaitAsync(context, reference, async () => lease = await registry.AcquireAsync(reference, cancellationToken));
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
