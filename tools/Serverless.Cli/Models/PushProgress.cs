using Serverless.Models.Publishing;
using Spectre.Console;

namespace Serverless.Cli.Models;

/// <summary>Shows the progress of a publication, a bar for each file and stage.</summary>
internal static class PushProgress
{
    public static Task<T> RunAsync<T>(IAnsiConsole console, Func<IProgress<PublishProgress>, Task<T>> publish) =>
        console.Progress().Columns(
                new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new DownloadedColumn(), new TransferSpeedColumn())
            .StartAsync(context => publish(new Bars(context)));

    private sealed class Bars(ProgressContext context) : IProgress<PublishProgress>
    {
        private readonly Dictionary<(string, PublishStage), ProgressTask> _bars = [];

        public void Report(PublishProgress value)
        {
            if (!_bars.TryGetValue((value.File, value.Stage), out var bar))
            {
                var stage = value.Stage == PublishStage.Compress ? "compress" : "upload";
                bar = context.AddTask(Markup.Escape($"{stage} {value.File}"), maxValue: Math.Max(1, value.Total));
                _bars.Add((value.File, value.Stage), bar);
            }

            bar.Value = value.Done;
        }
    }
}
