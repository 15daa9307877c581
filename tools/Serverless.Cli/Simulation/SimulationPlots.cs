using ScottPlot;
using Serverless.Simulation;

namespace Serverless.Cli.Simulation;

/// <summary>Pictures of a simulation, as PNG.</summary>
internal static class SimulationPlots
{
    private const int Width = 1000;
    private const int Height = 300;

    public static byte[] Arrivals(Timeline timeline)
    {
        var (hours, unit) = Axis(timeline);
        var plot = Empty("Arrivals", unit, "a second");
        var (requests, messages) = (PerSecond(timeline, timeline.Arrivals), PerSecond(timeline, timeline.Messages));
        Stairs(plot, hours, requests, Colors.SteelBlue, filled: true).LegendText = "requests";
        Stairs(plot, hours, messages, Colors.IndianRed, filled: false).LegendText = "messages";
        plot.Axes.SetLimitsY(0, Math.Max(1, requests.Concat(messages).Max() * 1.1));
        plot.ShowLegend(Alignment.UpperRight);
        return Png(plot);
    }

    public static byte[] Replicas(Timeline timeline)
    {
        var (hours, unit) = Axis(timeline);
        var plot = Empty("Replicas", unit, "replicas");
        Stairs(plot, hours, Doubles(timeline.Asked), Colors.DarkOrange, filled: true).LegendText = "asked for";
        Stairs(plot, hours, Doubles(timeline.Ready), Colors.SeaGreen, filled: false).LegendText = "ready";
        plot.ShowLegend(Alignment.UpperRight);
        return Png(plot);
    }

    /// <summary>Which share of the requests or messages waited no longer than so long; waits below a millisecond count as one.</summary>
    public static byte[] Waits(DurationHistogram waits, string whose)
    {
        var plot = Empty($"Waits of {whose}", "seconds until a replica began", $"% of the {whose}");
        List<(double X, double Y)> points = [(-3, 0)];
        points.AddRange(waits.Cumulative().Select(bucket => (Math.Log10(Math.Max(0.001, bucket.UpTo.TotalSeconds)), bucket.Share * 100)));
        points.Add((Math.Max(1, points[^1].X), 100));
        Stairs(plot, [.. points.Select(point => point.X)], [.. points.Select(point => point.Y)], Colors.Purple, filled: true);
        plot.Axes.Bottom.TickGenerator = new ScottPlot.TickGenerators.NumericManual(
            [-3, -2, -1, 0, 1, 2], ["≤ 0.001", "0.01", "0.1", "1", "10", "100"]);
        plot.Axes.SetLimitsY(0, 102);
        return Png(plot);
    }

    private static Plot Empty(string title, string x, string y)
    {
        var plot = new Plot();
        plot.Font.Set("DejaVu Sans");
        plot.Title(title, 16);
        plot.XLabel(x, 13);
        plot.YLabel(y, 13);
        return plot;
    }

    private static ScottPlot.Plottables.Scatter Stairs(Plot plot, double[] x, double[] y, Color color, bool filled)
    {
        var line = plot.Add.Scatter(x, y, color);
        line.ConnectStyle = ConnectStyle.StepHorizontal;
        line.MarkerSize = 0;
        line.LineWidth = 1.5f;
        line.FillY = filled;
        line.FillYColor = color.WithAlpha(0.25);
        plot.Axes.AutoScale();
        plot.Axes.SetLimitsY(0, Math.Max(1, y.Max() * 1.1));
        return line;
    }

    private static (double[] Values, string Unit) Axis(Timeline timeline)
    {
        var total = timeline.BinWidth * timeline.Asked.Length;
        var (unit, name) = total.TotalHours > 4 ? (TimeSpan.FromHours(1), "hours") : (TimeSpan.FromMinutes(1), "minutes");
        return ([.. Enumerable.Range(0, timeline.Asked.Length).Select(bin => timeline.BinWidth * bin / unit)], name);
    }

    private static double[] PerSecond(Timeline timeline, ReadOnlySpan<long> counts) =>
        Array.ConvertAll(counts.ToArray(), count => count / timeline.BinWidth.TotalSeconds);

    private static double[] Doubles(ReadOnlySpan<int> values) => Array.ConvertAll(values.ToArray(), value => (double)value);

    private static byte[] Png(Plot plot) => plot.GetImageBytes(Width, Height, ImageFormat.Png);
}
