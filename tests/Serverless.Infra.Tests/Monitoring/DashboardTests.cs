using System.Text.Json.Nodes;

namespace Serverless.Infra.Tests.Monitoring;

public sealed class DashboardTests
{
    [Fact]
    public void Dashboards_InTheTree_AreTheGeneratedOnes()
    {
        var generated = Dashboards.Generate();
        foreach (var (name, text) in generated)
        {
            if (Tree.Updating)
                File.WriteAllText(Tree.PathOf($"{Dashboards.Folder}/{name}"), text);
            Assert.True(text == Tree.Read($"{Dashboards.Folder}/{name}"),
                $"{name} is not what {Dashboards.Source} says: UPDATE=1 dotnet test tests/Serverless.Infra.Tests");
        }

        Assert.Equal(generated.Keys.Order(), Directory.EnumerateFiles(Tree.PathOf(Dashboards.Folder))
            .Select(file => Path.GetFileName(file)!).Order());
    }

    [Fact]
    public void Dashboards_OfTheProject_AreWellFormed()
    {
        foreach (var dashboard in Dashboards.Generate().Values.Select(text => JsonNode.Parse(text)!))
        {
            var panels = dashboard["panels"]!.AsArray();
            Assert.Equal(panels.Count, panels.Select(panel => (int)panel!["id"]!).Distinct().Count());
            Assert.All(panels, panel => Assert.NotEmpty(panel!["targets"]!.AsArray()));
            // No two panels share a cell of the grid, and none reaches over its edge.
            var cells = panels.Select(panel => panel!["gridPos"]!).SelectMany(place =>
                from x in Enumerable.Range((int)place["x"]!, (int)place["w"]!)
                from y in Enumerable.Range((int)place["y"]!, (int)place["h"]!)
                select (x, y)).ToList();
            Assert.Equal(cells.Count, cells.Distinct().Count());
            Assert.All(cells, cell => Assert.InRange(cell.x, 0, 23));
        }
    }

    [Theory]
    [InlineData("sum by (model) (rate(a_total{le=\"x\"}[5m])) / on (model) group_left () b:c", "a_total b:c")]
    [InlineData("histogram_quantile(0.95, sum by (x, le) (rate(d_bucket[1h]))) > 5 and e offset 15m", "d_bucket e")]
    [InlineData("time() - process_start_time_seconds", "process_start_time_seconds")]
    public void Expression_InPromQl_NamesItsMetrics(string promQl, string names) =>
        Assert.Equal(names.Split(' ').Order(), MetricNamesOf.Expression(promQl).Order());
}
