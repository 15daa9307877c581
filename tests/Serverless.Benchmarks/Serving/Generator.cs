using System.Diagnostics;
using System.Text.Json;
using Serverless.LoadGenerator;
using Serverless.Topology.Layout;

namespace Serverless.Benchmarks.Serving;

/// <summary>The load generator's process.</summary>
internal sealed class Generator : IDisposable
{
    // Beyond a job's own time; a server that does not answer must not hold the suite up for ever.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private Process _process = Start();

    /// <summary>Runs one job to its end.</summary>
    /// <exception cref="InvalidOperationException">The generator could not run it.</exception>
    /// <exception cref="InvalidRunException">It came to no end.</exception>
    public async Task<LoadResult> RunAsync(LoadJob job, CancellationToken cancellationToken)
    {
        await _process.StandardInput.WriteLineAsync(JsonSerializer.Serialize(job).AsMemory(), cancellationToken);
        await _process.StandardInput.FlushAsync(cancellationToken);
        var line = await ReadAsync(TimeSpan.FromSeconds(job.Seconds) + Patience, cancellationToken)
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

    private static Process Start() => Process.Start(
        new ProcessStartInfo("dotnet", [Repository.Find().AssemblyOf("tests/Serverless.LoadGenerator")])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;

    private async Task<string?> ReadAsync(TimeSpan limit, CancellationToken cancellationToken)
    {
        try
        {
            return await _process.StandardOutput.ReadLineAsync(cancellationToken).AsTask().WaitAsync(limit, cancellationToken);
        }
        catch (TimeoutException)
        {
            _process.Kill();
            _process.Dispose();
            _process = Start();
            throw new InvalidRunException($"the requests were not all answered within {limit.TotalSeconds:0} s.");
        }
    }
}
