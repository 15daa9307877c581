using System.Diagnostics;
using System.Text.Json;
using Serverless.LoadGenerator;
using Serverless.Topology.Layout;

namespace Serverless.Benchmarks.Serving;

/// <summary>The load generator's process.</summary>
internal sealed class Generator : IDisposable
{
    private readonly Process _process = Process.Start(
        new ProcessStartInfo("dotnet", [Repository.Find().AssemblyOf("tests/Serverless.LoadGenerator")])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;

    /// <summary>Runs one job to its end.</summary>
    /// <exception cref="InvalidOperationException">The generator could not run it.</exception>
    public async Task<LoadResult> RunAsync(LoadJob job, CancellationToken cancellationToken)
    {
        await _process.StandardInput.WriteLineAsync(JsonSerializer.Serialize(job).AsMemory(), cancellationToken);
        await _process.StandardInput.FlushAsync(cancellationToken);
        var line = await _process.StandardOutput.ReadLineAsync(cancellationToken)
            ?? throw new InvalidOperationException("The load generator has ended.");
        var result = JsonSerializer.Deserialize<LoadResult>(line)!;
        return result.Error is null ? result : throw new InvalidOperationException($"The load generator failed: {result.Error}");
    }

    public void Dispose()
    {
        // The end of its input ends it.
        _process.StandardInput.Close();
        if (!_process.WaitForExit(TimeSpan.FromSeconds(5)))
            _process.Kill();
        _process.Dispose();
    }
}
