using System.Diagnostics;
using System.Globalization;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Serverless.Cli.Batches;

/// <summary>Follows a batch with a bar: lines done, lines a second over the last while, and when it will be done.</summary>
internal static class BatchProgress
{
    public static Task<Batch> FollowAsync(IAnsiConsole console, BatchApi api, string id, CancellationToken cancellationToken)
    {
        var rate = new Rate();
        return console.Progress()
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RateColumn(rate))
            .StartAsync(async context =>
            {
                var bar = context.AddTask("validating", maxValue: 1);
                return await api.FollowAsync(id, batch => Show(bar, rate, batch), cancellationToken);
            });
    }

    private static void Show(ProgressTask bar, Rate rate, Batch batch)
    {
        rate.Add(batch.Done, batch.Total);
        bar.Description = batch.Status;
        bar.MaxValue = Math.Max(1, batch.Total);
        bar.Value = batch.Done;
        if (batch.IsFinal)
            bar.StopTask();
    }

    /// <summary>Lines a second over the last 20 s: segments come in steps of 10 s.</summary>
    private sealed class Rate
    {
        private static readonly TimeSpan Window = TimeSpan.FromSeconds(20);

        private readonly Queue<(long At, int Done)> _samples = [];

        public double PerSecond { get; private set; }

        public int Left { get; private set; }

        public int Done { get; private set; }

        public void Add(int done, int total)
        {
            var now = Stopwatch.GetTimestamp();
            _samples.Enqueue((now, done));
            while (Stopwatch.GetElapsedTime(_samples.Peek().At, now) > Window)
                _samples.Dequeue();
            var seconds = Stopwatch.GetElapsedTime(_samples.Peek().At, now).TotalSeconds;
            PerSecond = seconds > 0 ? (done - _samples.Peek().Done) / seconds : 0;
            (Done, Left) = (done, total - done);
        }
    }

    private sealed class RateColumn(Rate rate) : ProgressColumn
    {
        public override IRenderable Render(RenderOptions options, ProgressTask task, TimeSpan deltaTime)
        {
            var eta = rate.PerSecond > 0 && rate.Left > 0 ? $", {TimeSpan.FromSeconds(Math.Ceiling(rate.Left / rate.PerSecond)):c} left" : "";
            return new Text(string.Create(CultureInfo.InvariantCulture, $"{rate.Done} lines, {rate.PerSecond:0} lines/s{eta}"));
        }
    }
}
