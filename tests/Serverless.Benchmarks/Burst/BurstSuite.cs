using Serverless.Benchmarks.Burst.Lines;
using Serverless.TestKit;

namespace Serverless.Benchmarks.Burst;

/// <summary>From zero to the first answer and back: published apps in processes of their own, over Azurite and the Service Bus emulator.</summary>
internal sealed class BurstSuite : ITakesWords
{
    private static readonly IReadOnlyList<BurstLine> Lines = [StartLine.Line, HeldLine.Line, SimulatorLine.Line];

    private readonly BurstOptions _options = new();

    public string Name => "burst";

    public string Usage => "burst takes more words: beginnings of metrics (start, held, simulator) choose lines; --rounds=20; --apps=FOLDER holds apps published before";

    public bool TryChoose(IEnumerable<string> words) => _options.TryChoose(words, Lines);

    public async Task RunAsync(FigureWriter figures, CancellationToken cancellationToken)
    {
        using var folder = new TemporaryFolder();
        await using var bench = new BurstBench(folder.Path, _options, figures);
        foreach (var line in _options.Choose(Lines))
        {
            figures.Say(line.Metric);
            try
            {
                foreach (var figure in await line.MeasureAsync(bench, cancellationToken))
                    figures.Write(figure);
            }
#pragma warning disable CA1031 // A line that cannot be measured says so, and the others still are.
            catch (Exception error) when (error is not OperationCanceledException)
#pragma warning restore CA1031
            {
                figures.Say($"{line.Metric}: NO FIGURE: {error.Message}");
            }
        }
    }
}
