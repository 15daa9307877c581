using Serverless.Inference.Onnx.Preparation;
using Serverless.Inference.Tests.Lifecycle;
using Serverless.TestKit;
using Serverless.TestKit.Onnx;

namespace Serverless.Inference.Tests.Onnx.Preparation;

/// <summary>Beside nothing else: what other tests allocate meanwhile would be measured too.</summary>
[Collection(nameof(UnloadMemoryTests))]
public sealed class MemoryMeasurementTests
{
    [Fact]
    public async Task Run_WeightsThatTheRuntimeLaysOutAnew_CountTwice()
    {
        using var folder = new TemporaryFolder();
        var path = OnnxGraphs.Mlp(2048, 4096, 2048).WriteTo(folder.File("mlp.onnx"));

        using var prepared = await GraphPreparation.RunAsync(
            path, new PreparationOptions(), progress: null, TestContext.Current.CancellationToken);

        var weights = 2L * 2048 * 4096 * sizeof(float);
        Assert.InRange(prepared.MemoryBytes, weights * 17 / 10, weights * 3);
    }
}
