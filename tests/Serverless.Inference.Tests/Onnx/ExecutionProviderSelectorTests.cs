using Serverless.Inference.Onnx;

namespace Serverless.Inference.Tests.Onnx;

/// <summary>CUDA works on some machines and not on others: each test says what must hold on both.</summary>
public sealed class ExecutionProviderSelectorTests
{
    private static readonly bool HasCuda =
        ExecutionProviderSelector.Choose(["cuda", "cpu"], requireGpu: false).Provider == ExecutionProvider.Cuda;

    [Fact]
    public void Choose_CpuFirst_IsCpu() =>
        Assert.Equal(ExecutionProvider.Cpu, ExecutionProviderSelector.Choose(["cpu", "cuda"], requireGpu: false).Provider);

    [Fact]
    public void Choose_CudaFirst_FallsBackSayingWhy()
    {
        var choice = ExecutionProviderSelector.Choose(["cuda", "cpu"], requireGpu: false);

        Assert.Equal(HasCuda ? "cuda" : "cpu", choice.Name);
        Assert.Equal(!HasCuda, choice.Reason.Contains("cuda:", StringComparison.Ordinal));
    }

    [Fact]
    public void Choose_GpuRequired_NeverTakesTheCpu()
    {
        var failure = Record.Exception(() => ExecutionProviderSelector.Choose(["cuda", "cpu"], requireGpu: true));

        Assert.Equal(HasCuda, failure is null);
        if (failure is not null)
            Assert.Contains("Worker:RequireGpu", Assert.IsType<InvalidOperationException>(failure).Message, StringComparison.Ordinal);
    }
}
