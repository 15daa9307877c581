namespace Serverless.Cli.Top;

/// <summary>One line of a scrape.</summary>
/// <param name="Series">Its labels as they were written: with the name they tell it from every other line.</param>
/// <param name="Labels">The same, one by one.</param>
/// <param name="Value">What it says.</param>
internal sealed record Sample(string Series, IReadOnlyDictionary<string, string> Labels, double Value)
{
    /// <summary>A label's value; empty, as in Prometheus, for one that it does not have.</summary>
    public string Label(string name) => Labels.GetValueOrDefault(name, "");
}
