using Serverless.Optimization.Distillation;

namespace Serverless.Cli.Models.Optimization;

/// <summary>Draws how a student learnt.</summary>
internal static class LossPlot
{
    private const int Width = 1000;
    private const int Height = 700;

    public static void Save(IReadOnlyList<LossPoint> losses, string model, string path)
    {
        using var plot = new ScottPlot.Plot();
        Add("texts that it is trained on", point => point.Training);
        Add("texts held out", point => point.HeldOut);
        plot.Title($"{model}: how the student learnt");
        plot.XLabel("steps");
        plot.YLabel("1 - cosine to the teacher");
        plot.ShowLegend();
        plot.SavePng(path, Width, Height);

        void Add(string name, Func<LossPoint, double> value)
        {
            var line = plot.Add.Scatter(losses.Select(point => (double)point.Step).ToArray(), losses.Select(value).ToArray());
            line.LegendText = name;
        }
    }
}
