using System.Diagnostics;
using Serverless.Telemetry.Gpu;
using Serverless.TestKit;

namespace Serverless.Worker.Tests.Telemetry;

/// <summary>GPU metrics from a stub of the library, compiled here.</summary>
public sealed class NvmlTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void TryOpen_WithoutLibrary_IsNull() => Assert.Null(NvmlLibrary.TryOpen("/nowhere/libnvidia-ml.so.1"));

    [Fact]
    public async Task Metrics_WithTheLibrary_AreThoseThatEachGpuTells()
    {
        using var folder = new TemporaryFolder();
        await CompileAsync(folder.File("nvml.so"));
        await using var worker = await RunningWorker.StartAsync($"--Telemetry:NvmlPath={folder.File("nvml.so")}");
        using var client = new HttpClient();

        var samples = PrometheusTextCheck.Parse(await client.GetStringAsync(worker.MetricsUrl, Token));

        const string Gpu = "{hw_id=\"GPU-a\",hw_name=\"Stub\"}";
        Assert.Equal(0.25, samples["hw_gpu_utilization" + Gpu]);
        Assert.Equal(400, samples["hw_gpu_memory_usage" + Gpu]);
        Assert.Equal(1000, samples["nv_gpu_memory_total_bytes{gpu_uuid=\"GPU-a\"}"]);
        Assert.Equal(61.5, samples["hw_power" + Gpu]);
        Assert.Equal(41, samples["hw_temperature" + Gpu]);
        Assert.DoesNotContain(samples.Keys, key => key.Contains("GPU-b", StringComparison.Ordinal));
        // The stub has no function for it.
        Assert.DoesNotContain(samples.Keys, key => key.StartsWith("nv_gpu_power_limit", StringComparison.Ordinal));
    }

    private static async Task CompileAsync(string library)
    {
        Assert.SkipUnless(File.Exists("/usr/bin/gcc"), "The Debian package gcc is not installed.");
        var source = Path.Combine(AppContext.BaseDirectory, "Telemetry", "nvml_stub.c");
        using var compiler = Process.Start("/usr/bin/gcc", ["-shared", "-fPIC", "-o", library, source]);
        await compiler.WaitForExitAsync(Token);
        Assert.Equal(0, compiler.ExitCode);
    }
}
