using System.Diagnostics;
using System.Text.Json;
using Serverless.Topology.Layout;

namespace Serverless.TestKit.GenAi;

/// <summary>ONNX Runtime GenAI over one model, in a process of its own (<c>tests/Serverless.GenAiBaseline</c>).</summary>
public sealed class GenAiProcess : IDisposable
{
    // A batch of long prompts on a busy machine; one that never answers must not hold anybody up for ever.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private readonly Process _process;

    private GenAiProcess(Process process) => _process = process;

    /// <summary>Loads the model in <paramref name="folder"/>, which has a <c>genai_config.json</c>.</summary>
    public static async Task<GenAiProcess> StartAsync(string folder, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo("dotnet", [Repository.Find().AssemblyOf("tests/Serverless.GenAiBaseline"), folder])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        start.Environment["ORT_DISABLE_TELEMETRY"] = "1";
        var baseline = new GenAiProcess(Process.Start(start)!);
        await baseline.ReadAsync(cancellationToken);
        return baseline;
    }

    /// <summary>What follows <paramref name="prompt"/>, always the most likely token, up to an end token or so many.</summary>
    public async Task<IReadOnlyList<int>> GreedyAsync(IReadOnlyList<int> prompt, int tokens, CancellationToken cancellationToken)
    {
        var answer = await AskAsync(new { kind = "greedy", prompt, tokens }, cancellationToken);
        return [.. answer.GetProperty("tokens").EnumerateArray().Select(token => token.GetInt32())];
    }

    /// <summary>Tokens per second of all prompts together, after the first of each.</summary>
    public async Task<double> SpeedAsync(int batch, int context, int tokens, CancellationToken cancellationToken) =>
        (await AskAsync(new { kind = "speed", batch, context, tokens }, cancellationToken)).GetProperty("tokensPerSecond").GetDouble();

    /// <inheritdoc/>
    public void Dispose()
    {
        // The end of its input ends it.
        _process.StandardInput.Close();
        if (!_process.WaitForExit(TimeSpan.FromSeconds(5)))
            _process.Kill();
        _process.Dispose();
    }

    private async Task<JsonElement> AskAsync(object command, CancellationToken cancellationToken)
    {
        await _process.StandardInput.WriteLineAsync(JsonSerializer.Serialize(command).AsMemory(), cancellationToken);
        await _process.StandardInput.FlushAsync(cancellationToken);
        var answer = await ReadAsync(cancellationToken);
        return answer.GetProperty("error").GetString() is { } error
            ? throw new InvalidOperationException($"GenAI could not answer: {error}")
            : answer;
    }

    private async Task<JsonElement> ReadAsync(CancellationToken cancellationToken)
    {
        var line = await _process.StandardOutput.ReadLineAsync(cancellationToken).AsTask().WaitAsync(Patience, cancellationToken)
            ?? throw new InvalidOperationException("The GenAI baseline has ended; its standard error says why.");
        using var answer = JsonDocument.Parse(line);
        return answer.RootElement.Clone();
    }
}
