using Microsoft.Extensions.Time.Testing;
using Serverless.Inference.Execution;
using Serverless.Inference.Execution.Admission;
using Serverless.Inference.Execution.Batching;
using Serverless.Inference.Onnx;
using Serverless.Inference.Tensors;
using Serverless.Models.Manifest;

namespace Serverless.Inference.Tests.Execution.Admission;

/// <summary>A queue with made-up requests and time that stands still.</summary>
internal sealed class Waiting
{
    private static readonly OnnxSignature Signature = new(
        [new TensorSignature("ids", "INT64", [-1, -1]), new TensorSignature("mask", "INT64", [-1, -1])],
        [new TensorSignature("y", "INT64", [-1, -1])]);

    private readonly BatchPlan _plan;

    public Waiting(int maxBatch = 32, bool sequence = false)
    {
        var record = sequence ? new SequenceRecord(["ids", "mask"], ["y"], "mask") : null;
        _plan = new BatchPlan(Signature, new BatchingRecord(maxBatch, 0, "") { Sequence = record });
        Times = new RunTimes(Time);
        Queue = new RequestQueue(_plan, Times, Time);
        Admission = new AdmissionControl("m", Queue, Times, Time);
    }

    public FakeTimeProvider Time { get; } = new();

    public RunTimes Times { get; }

    public RequestQueue Queue { get; }

    public AdmissionControl Admission { get; }

    public long Now => Time.GetTimestamp();

    public static WorkShape Row => new(1, 1, 0, CanJoin: true);

    public WorkItem Add(string tenant = "", int rows = 1, int width = 4, RunPriority priority = RunPriority.Interactive,
        double? seconds = null, int weight = 1)
    {
        BufferTensor[] inputs = [Tensor("ids", rows, width), Tensor("mask", rows, width)];
        var terms = new RunTerms(After(seconds), priority, tenant, weight);
        var item = new WorkItem(
            new RunRequest(inputs, ["y"], terms, Now, CancellationToken.None), WorkShape.Of(inputs, _plan), static _ => { });
        Queue.Note(item, Now);
        Queue.Add(item);
        return item;
    }

    public Batch Take(int rows = 32, long elements = 2048, double waste = 0.25, params int[] preferred) =>
        Queue.Take(Now, new TakeLimits(rows, elements, waste, preferred));

    public long? After(double? seconds) => seconds is { } delay ? Now + (long)(delay * Time.TimestampFrequency) : null;

    private static BufferTensor Tensor(string name, int rows, int width) =>
        new(name, TensorDatatype.Int64, [rows, width], TensorBuffer.Rent(rows * width * sizeof(long)));
}
