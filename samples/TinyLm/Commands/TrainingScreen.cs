using System.Globalization;
using Spectre.Console;
using TinyLm.Training;

namespace TinyLm.Commands;

/// <summary>Shows a training: its figures and the curve of its loss; a line a minute where nobody watches.</summary>
internal static class TrainingScreen
{
    private const int CurveWidth = 60;
    private const string Levels = "▁▂▃▄▅▆▇█";

    public static bool Run(IAnsiConsole console, Func<Action<TrainingReport>, bool> train)
    {
        if (!console.Profile.Capabilities.Interactive)
            return train(Lines(console));
        var complete = false;
        console.Live(new Text("")).Start(screen => complete = train(report => screen.UpdateTarget(Draw(report))));
        return complete;
    }

    private static Action<TrainingReport> Lines(IAnsiConsole console)
    {
        var told = 0;
        return report =>
        {
            if (report.Losses.Count == told)
                return;
            told = report.Losses.Count;
            var last = report.Losses[^1];
            console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{report.Progress,4:0%}  step {report.Step,6}  loss {last.Training:0.000}  held out {last.HeldOut:0.000}"));
        };
    }

    private static Table Draw(TrainingReport report)
    {
        var table = new Table().Border(TableBorder.Rounded).HideHeaders().AddColumns("", "");
        table.AddRow("done", Text($"{report.Progress:0.0%}, {report.Spent:h\\:mm\\:ss}"));
        table.AddRow("steps", Text($"{report.Step:N0}, {report.Step / report.Spent.TotalSeconds:0.00} a second"));
        table.AddRow("learning rate", Text($"{report.Rate:0.00000}"));
        table.AddRow("loss", Text($"{report.Loss:0.000} nats per token"));
        if (report.Losses.Count > 0)
        {
            table.AddRow("held out", Text($"{report.Losses[^1].HeldOut:0.000} nats per token"));
            table.AddRow("its curve", Curve([.. report.Losses.Select(point => point.HeldOut)]));
        }

        return table;
    }

    /// <summary>The values as bars from their lowest to their highest.</summary>
    private static string Curve(double[] values)
    {
        var step = Math.Max(1, (values.Length + CurveWidth - 1) / CurveWidth);
        var shown = values.Where((_, index) => index % step == 0).ToArray();
        var (low, range) = (shown.Min(), Math.Max(shown.Max() - shown.Min(), 1e-9));
        return string.Concat(shown.Select(value => Levels[(int)((value - low) / range * (Levels.Length - 1))]));
    }

    private static string Text(FormattableString text) => Markup.Escape(FormattableString.Invariant(text));
}
