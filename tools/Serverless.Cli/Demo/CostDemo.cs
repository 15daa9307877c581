using System.Globalization;
using System.Text.Json;
using Serverless.Cli.Api;
using Serverless.Cli.Costs;
using Serverless.Topology.Platform;
using Spectre.Console;

namespace Serverless.Cli.Demo;

/// <summary>What the demo cost, model by model. No replica is left by then, and each has written its last interval when it went.</summary>
internal static class CostDemo
{
    private static readonly string[] Models = [DemoSentences.Model, SampleModels.TinyLm.Name];

    public static async Task RunAsync(DemoLog log, LocalPlatform platform, ApiClient api, CancellationToken cancellationToken)
    {
        var costs = (await api.GetAsync("/v1/costs?by=model", cancellationToken)).Body;
        var seconds = (decimal)(await platform.GetContainersAsync(cancellationToken)).ReplicaSeconds;
        var caption = string.Create(
            CultureInfo.InvariantCulture,
            $"{IllustrativePrices.Described} {seconds:0.0} replica-seconds come to {seconds * IllustrativePrices.ReplicaSecond:0.######}.");
        log.Add(CostReport.TableOf(costs).Border(TableBorder.Rounded).Title("Cost").Caption(caption));
        log.Check("cost", "models that were charged for", Models.Length, Models.Count(model => IsCharged(costs, model)));
    }

    private static bool IsCharged(JsonElement costs, string model) => costs.GetProperty("data").EnumerateArray()
        .Any(row => row.GetProperty("key").GetString() == model && row.GetProperty("cost").GetDecimal() > 0);
}
