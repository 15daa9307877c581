using System.Diagnostics;
using System.Threading.Tasks.Sources;
using Serverless.Contracts.Errors;
using Serverless.Inference.Tensors;

namespace Serverless.Inference.Execution.Batching;

/// <summary>One request in a model's queue, and what its caller awaits. It owns its inputs until they have been run or dropped.</summary>
internal sealed class WorkItem : IValueTaskSource<RunOutcome>
{
    private readonly RunRequest _request;
    private readonly CancellationTokenRegistration _registration;
    private ManualResetValueTaskSourceCore<RunOutcome> _completion;
    private int _completed;

    /// <summary>Of a call that a <see cref="Gathering"/> hands over: its caller goes on where it was run.</summary>
    public WorkItem(RunRequest request, WorkShape shape, bool hasTurn) => (_request, Shape, HasTurn) = (request, shape, hasTurn);

    /// <param name="request">What is asked.</param>
    /// <param name="shape">Its size.</param>
    /// <param name="cancel">Called when its caller leaves, which may be at once.</param>
    public WorkItem(RunRequest request, WorkShape shape, Action<WorkItem> cancel)
    {
        (_request, Shape) = (request, shape);
        _completion.RunContinuationsAsynchronously = true;
        if (request.Cancellation.CanBeCanceled)
        {
            _registration = request.Cancellation.UnsafeRegister(
                static state =>
                {
                    var (item, cancel) = ((WorkItem, Action<WorkItem>))state!;
                    cancel(item);
                },
                (this, cancel));
        }
    }

    /// <summary>In the order of the model's signature.</summary>
    public BufferTensor[] Inputs => _request.Inputs;

    public IReadOnlyList<string> Outputs => _request.Outputs;

    public WorkShape Shape { get; }

    public RunTerms Terms => _request.Terms;

    /// <summary>Its span, when it is sampled.</summary>
    public Activity? Activity => _request.Activity;

    public long ArrivedAt => _request.ArrivedAt;

    /// <summary>The run that it is part of.</summary>
    public Batch? Batch { get; set; }

    /// <summary>Its share of the run's time.</summary>
    public TimeSpan Device { get; set; }

    /// <summary>Its place in its tenant's queue; null when it is not in a queue.</summary>
    public LinkedListNode<WorkItem>? Node { get; set; }

    /// <summary>Whether it holds one of the model's instances until it has run, and so runs alone.</summary>
    public bool HasTurn { get; }

    /// <summary>Cancelled when its caller leaves.</summary>
    public CancellationToken Cancellation => _request.Cancellation;

    /// <summary>Whether its caller is told of an error.</summary>
    public bool HasFailed { get; private set; }

    public bool IsCompleted => Volatile.Read(ref _completed) != 0;

    public ValueTask<RunOutcome> Task => new(this, _completion.Version);

    /// <summary>Whether both may run together, lengths apart.</summary>
    public bool Joins(WorkItem other, BatchPlan plan)
    {
        if (!Shape.CanJoin || !other.Shape.CanJoin || !HasOutputsOf(other))
            return false;
        for (var i = 0; i < Inputs.Length; i++)
        {
            // The first dimension counts rows, and lengths are filled up.
            var skip = plan.IsSequenceInput(i) ? 2 : 1;
            if (!Inputs[i].Dimensions.AsSpan(skip).SequenceEqual(other.Inputs[i].Dimensions.AsSpan(skip)))
                return false;
        }

        return true;
    }

    /// <summary>Keeps everybody else from completing it; <see cref="SetResult"/> follows.</summary>
    /// <returns>False when somebody else has.</returns>
    public bool TryEnd()
    {
        if (Interlocked.Exchange(ref _completed, 1) != 0)
            return false;
        _registration.Unregister();
        return true;
    }

    public void SetResult(RunOutcome outcome) => _completion.SetResult(outcome);

    public bool TryFail(Exception error)
    {
        if (!TryEnd())
            return false;
        HasFailed = true;
        _completion.SetException(error);
        return true;
    }

    public bool TryFail(InferenceError error) => TryFail(new InferenceException(error));

    public bool TryCancel() => TryFail(new OperationCanceledException(_request.Cancellation));

    public void ReleaseInputs() => _request.ReleaseInputs();

    /// <summary>Lets go of it before it was ever queued.</summary>
    public void Abandon()
    {
        Interlocked.Exchange(ref _completed, 1);
        _registration.Unregister();
        ReleaseInputs();
    }

    public RunOutcome GetResult(short token) => _completion.GetResult(token);

    public ValueTaskSourceStatus GetStatus(short token) => _completion.GetStatus(token);

    public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _completion.OnCompleted(continuation, state, token, flags);

    private bool HasOutputsOf(WorkItem other) =>
        ReferenceEquals(Outputs, other.Outputs) || Outputs.SequenceEqual(other.Outputs, StringComparer.Ordinal);
}
