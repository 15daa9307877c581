using System.Diagnostics;
using System.Globalization;
using Serverless.Benchmarks.Generation.Lines;
using Serverless.TestKit;

namespace Serverless.Benchmarks.Generation;

/// <summary>Text generation with a decoder of 114 million random weights, beside ONNX Runtime GenAI and beside itself.</summary>
internal sealed class GenerationSuite : ITakesWords
{
    private static readonly IReadOnlyList<GenerationLine> Lines =
        [.. GenAiLines.All, .. ConcurrencyLines.All, PrefillLine.Line, CancelLine.Line, SamplingLine.Line, PoissonLine.Line, GatewayLine.Line];

    private readonly GenerationOptions _options = new();

    public string Name => "generation";

    public string Usage =>
        "generation takes more words: beginnings of metrics (c16, itl) and models (decoder110m-gqa) choose lines; --rounds=5; --requests=1000";

    public bool TryChoose(IEnumerable<string> words) => _options.TryChoose(words, Lines);

    public async Task RunAsync(FigureWriter figures, CancellationToken cancellationToken)
    {
        using var folder = new TemporaryFolder();
        await using var bench = new GenerationBench(folder.Path, _options, figures);
        foreach (var line in _options.Choose(Lines))
        {
            var start = Stopwatch.GetTimestamp();
            var what = $"{string.Join(", ", line.Metrics)} ({line.Model})";
            try
            {
                foreach (var figure in await line.MeasureAsync(bench, cancellationToken))
                    figures.Write(figure);
                figures.Say(string.Create(
                    CultureInfo.InvariantCulture, $"{what}: {Stopwatch.GetElapsedTime(start).TotalSeconds:0} s"));
            }
#pragma warning disable CA1031 // A line that cannot be measured says so, and the others still are.
            catch (Exception error) when (error is not OperationCanceledException)
#pragma warning restore CA1031
            {
                figures.Say($"{what}: NO FIGURE: {error.Message}");
            }
        }
    }
}
