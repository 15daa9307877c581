using Serverless.Contracts.Models;
using Serverless.Inference.Lifecycle;
using Serverless.TestKit.Onnx;

namespace Serverless.Inference.Tests.Lifecycle;

/// <summary>Measures the memory of the whole process, so nothing else may run beside it.</summary>
[Collection(nameof(UnloadMemoryTests))]
[CollectionDefinition(nameof(UnloadMemoryTests), DisableParallelization = true)]
public sealed class UnloadMemoryTests
{
    private const long MiB = 1 << 20;

    [Fact]
    public async Task Unload_ManyTimes_GivesTheMemoryBack()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "resident memory is read as Linux reports it");
        await using var engine = new Engine();
        await engine.PushAsync("mlp", OnnxGraphs.Mlp(1024, 1024, 1024).ToBytes());
        var model = new ModelReference("mlp", 1);
        long fifth = 0;
        for (var cycle = 1; cycle <= 30; cycle++)
        {
            await engine.Registry.LoadAsync(model, TestContext.Current.CancellationToken);
            Assert.True(engine.Registry.Unload(model));
            await Until.TrueAsync(() => engine.Registry.Status[0].State == ModelState.Unloaded);
            if (cycle == 5)
                fifth = Environment.WorkingSet;
        }

        // Kept weights would be 25 times 8 MiB.
        Assert.InRange(Environment.WorkingSet - fifth, long.MinValue, 32 * MiB);
    }
}
