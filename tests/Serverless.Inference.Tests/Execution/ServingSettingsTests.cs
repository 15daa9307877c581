using Serverless.Contracts.Models;
using Serverless.Inference.Execution;
using Serverless.Inference.Onnx;

namespace Serverless.Inference.Tests.Execution;

public sealed class ServingSettingsTests
{
    [Theory]
    [InlineData(null, ExecutionProvider.Cpu, 256)]
    [InlineData(null, ExecutionProvider.Cuda, 8192)]
    [InlineData(256, ExecutionProvider.Cuda, 256)]
    [InlineData(4096, ExecutionProvider.Cpu, 4096)]
    internal void For_Provider_FillsWhatNobodySet(int? set, ExecutionProvider provider, int expected) =>
        Assert.Equal(expected, new ServingSettings { MaxElements = set }.For(provider).MaxElements);

    [Fact]
    public async Task Settings_LoadedModelOnACpu_HasTheCpusPositions()
    {
        await using var engine = new Engine();
        await engine.PushScaleAsync("m", 2);

        using var lease = await engine.Registry.AcquireAsync(new ModelReference("m"), TestContext.Current.CancellationToken);

        Assert.Equal(256, lease.Settings.MaxElements);
        Assert.Equal(64, engine.Registry.Change("m", new ServingChange { MaxElements = 64 }).MaxElements);
        Assert.Equal(64, lease.Settings.MaxElements);
    }
}
