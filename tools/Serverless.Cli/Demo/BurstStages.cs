using System.Globalization;
using Serverless.Topology.Containers;
using Spectre.Console;

namespace Serverless.Cli.Demo;

/// <summary>Where the burst's time went: what <c>Server-Timing</c> says, and how long replicas took to be ready.</summary>
internal static class BurstStages
{
    public static Table Table(IReadOnlyList<BurstAnswer> answers, IReadOnlyList<ReplicaStatus> replicas)
    {
        var table = new Table().Border(TableBorder.Rounded).Title("The burst by stage").AddColumn("stage")
            .AddColumn(new TableColumn("times").RightAligned())
            .AddColumn(new TableColumn("median").RightAligned())
            .AddColumn(new TableColumn("longest").RightAligned());
        Row(table, "a replica's start until it is ready", [.. replicas.Where(replica => replica.FirstReady is not null).Select(replica => replica.FirstReady!.Value - replica.Started)]);
        foreach (var stage in answers.SelectMany(answer => ServerTimings.Of(answer.Answer.ServerTiming)).GroupBy(entry => entry.Name, entry => entry.Duration))
            Row(table, $"Server-Timing: {stage.Key}", [.. stage]);
        Row(table, "the whole request", [.. answers.Select(answer => answer.Took)]);
        return table;
    }

    private static void Row(Table table, string stage, TimeSpan[] times)
    {
        if (times.Length == 0)
            return;
        Array.Sort(times);
        table.AddRow(
            Markup.Escape(stage),
            times.Length.ToString(CultureInfo.InvariantCulture),
            DemoLog.Milliseconds(times[times.Length / 2]),
            DemoLog.Milliseconds(times[^1]));
    }
}
