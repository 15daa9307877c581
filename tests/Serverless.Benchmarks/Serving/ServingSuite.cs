using System.Diagnostics;
using System.Globalization;
using Serverless.Benchmarks.Serving.Lines;
using Serverless.TestKit;

namespace Serverless.Benchmarks.Serving;

/// <summary>The worker under load, beside an echo, the server that most people write, and ONNX Runtime without a server.</summary>
internal sealed class ServingSuite : ITakesWords
{
    public string Usage =>
        "serving takes more words: beginnings of metrics (json_c32, overload) and models (mlp) choose lines; --overload-seconds=60";

    private static readonly IReadOnlyList<ServingLine> Lines =
    [
        .. JsonLines.All, .. BinaryLines.All, .. SentenceLines.All, GatewayLine.Line, OverloadLine.Line, PriorityLine.Line, TenantLine.Line,
        .. ConcurrencyTable.Lines,
    ];

    private readonly ServingOptions _options = new();

    public string Name => "serving";

    public bool TryChoose(IEnumerable<string> words) => _options.TryChoose(words, Lines);

    public async Task RunAsync(FigureWriter figures, CancellationToken cancellationToken)
    {
        using var folder = new TemporaryFolder();
        await using var bench = new ServingBench(folder.Path, _options, figures);
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
