using Serverless.TestKit.Onnx;
using static Onnx.TensorProto.Types;

namespace Serverless.Worker.Tests;

/// <summary>One worker with the small models that most tests use.</summary>
public sealed class WorkerFixture : IAsyncLifetime
{
    internal RunningWorker Worker { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Worker = await RunningWorker.StartAsync();
        await Worker.PushAsync("scale", OnnxGraphs.Scale(2));
        await Worker.PushAsync("add", OnnxGraphs.Add());
        await Worker.PushAsync("log", OnnxGraphs.Log());
        await Worker.PushAsync("lookup", OnnxGraphs.Lookup());
        await Worker.PushAsync("half", OnnxGraphs.Identity(DataType.Float16));
        await Worker.PushAsync("scalar", OnnxGraphs.Identity(DataType.Float, rank: 0));
        foreach (var (name, type) in Identities)
            await Worker.PushAsync(name, OnnxGraphs.Identity(type));
    }

    public async ValueTask DisposeAsync()
    {
        if (Worker is not null)
            await Worker.DisposeAsync();
    }

    private static IEnumerable<(string Name, DataType Type)> Identities =>
    [
        ("bool", DataType.Bool), ("uint8", DataType.Uint8), ("uint16", DataType.Uint16), ("uint32", DataType.Uint32),
        ("uint64", DataType.Uint64), ("int8", DataType.Int8), ("int16", DataType.Int16), ("int32", DataType.Int32),
        ("int64", DataType.Int64), ("fp32", DataType.Float), ("fp64", DataType.Double), ("bytes", DataType.String),
    ];
}
