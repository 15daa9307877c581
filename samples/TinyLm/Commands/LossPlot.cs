using ScottPlot;
using TinyLm.Training;

namespace TinyLm.Commands;

/// <summary>Draws how the losses of a training fell.</summary>
internal static class LossPlot
{
    private const int Width = 1000;
    private const int Height = 700;

    public static void Save(IReadOnlyList<LossPoint> losses, string title, string path)
    {
        using var plot = new Plot();
        var steps = losses.Select(point => (double)point.Step).ToArray();
        plot.Add.Scatter(steps, losses.Select(point => point.Training).ToArray()).LegendText = "what it is trained on";
        plot.Add.Scatter(steps, losses.Select(point => point.HeldOut).ToArray()).LegendText = "text held out";
        plot.Title(title);
        plot.XLabel("steps");
        plot.YLabel("nats per token");
        plot.ShowLegend();
        plot.SavePng(path, Width, Height);
    }
}
