using Serverless.Inference.Onnx.Preparation;
using Serverless.Models.Publishing;
using Spectre.Console;

namespace Serverless.Cli.Models;

/// <summary>Shows the progress of a push: a bar for each stage of the preparation and for each file and stage of the publication.</summary>
internal sealed class PushProgress : IProgress<PublishProgress>, IProgress<PreparationStage>
{
    private readonly Lock _gate = new();
    private readonly ProgressContext _context;
    private readonly Dictionary<(string, PublishStage), ProgressTask> _bars = [];
    private ProgressTask? _stage;

    private PushProgress(ProgressContext context) => _context = context;

    public static Task<T> RunAsync<T>(IAnsiConsole console, Func<PushProgress, Task<T>> push) =>
        console.Progress()
            .Columns(
                new TaskDescriptionColumn(),
                new ProgressBarColumn(),
                new PercentageColumn(),
                new DownloadedColumn(),
                new TransferSpeedColumn())
            .StartAsync(context => push(new PushProgress(context)));

    public void Report(PreparationStage value)
    {
        lock (_gate)
        {
            EndStage();
            _stage = _context.AddTask(
                value switch
                {
                    PreparationStage.Check => "check",
                    PreparationStage.Optimize => "optimise",
                    _ => "prove",
                },
                maxValue: 1);
            _stage.IsIndeterminate = true;
        }
    }

    public void Report(PublishProgress value)
    {
        lock (_gate)
        {
            EndStage();
            if (!_bars.TryGetValue((value.File, value.Stage), out var bar))
            {
                var stage = value.Stage == PublishStage.Compress ? "compress" : "upload";
                bar = _context.AddTask(Markup.Escape($"{stage} {value.File}"), maxValue: Math.Max(1, value.Total));
                _bars.Add((value.File, value.Stage), bar);
            }

            bar.Value = value.Done;
        }
    }

    private void EndStage()
    {
        if (_stage is null)
            return;
        _stage.IsIndeterminate = false;
        _stage.Value = 1;
        _stage = null;
    }
}
