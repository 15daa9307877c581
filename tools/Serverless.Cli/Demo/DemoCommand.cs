using System.ComponentModel;
using Serverless.Cli.Api;
using Serverless.Topology.Platform;
using Spectre.Console;
using Spectre.Console.Cli;

namespace Serverless.Cli.Demo;

/// <summary>
/// <c>infer demo</c>: starts the platform on free ports with data of its own, pushes real models, asks them over every way in, and
/// stops what it started. The exit code is 0 only if every answer was right.
/// </summary>
internal sealed class DemoCommand(IAnsiConsole console) : AsyncCommand<DemoCommand.Settings>
{
    internal sealed class Settings : CommandSettings
    {
        [CommandOption("--logs")]
        [Description("Also print what the services write.")]
        public bool Logs { get; init; }
    }

    public override async Task<int> ExecuteAsync(CommandContext context, Settings settings, CancellationToken cancellationToken)
    {
        var data = Directory.CreateTempSubdirectory("infer-demo-");
        try
        {
            var log = new DemoLog(console);
            Action<string, string>? onLine = settings.Logs
                ? (service, line) => console.MarkupLineInterpolated($"[grey]{service,-10} {line}[/]")
                : null;
            await using var platform = await log.StepAsync(
                "Start Azurite, Service Bus, the Functions host and the container host, with no replica of the worker yet",
                () => LocalPlatform.StartAsync(OptionsFor(data.FullName), onLine, cancellationToken),
                started => $"API at {started.ApiUrl} key {started.Options.ApiKey}");
            using var api = new ApiClient(platform.ApiUrl, platform.Options.ApiKey);
            await RunAsync(log, platform, api, cancellationToken);
            log.Print();
            console.MarkupLine(log.AllRight ? "[green]Every answer was right.[/]" : "[red]Some answers were wrong.[/]");
            return log.AllRight ? 0 : 1;
        }
        finally
        {
            data.Delete(recursive: true);
        }
    }

    private static async Task RunAsync(DemoLog log, LocalPlatform platform, ApiClient api, CancellationToken cancellationToken)
    {
        await PushDemo.RunAsync(log, platform, cancellationToken);
        await HttpDemo.RunAsync(log, api, cancellationToken);
        await OpenAiClientDemo.RunAsync(log, platform, cancellationToken);
        await TextDemo.RunAsync(log, platform, api, cancellationToken);
        await QueueDemo.RunAsync(log, platform, cancellationToken);
        await BatchDemo.RunAsync(log, api, cancellationToken);
        await BurstDemo.RunAsync(log, platform, api, cancellationToken);
        await CostDemo.RunAsync(log, platform, api, cancellationToken);
    }

    // In Azure the last replica goes after five minutes; here nobody wants to wait for that.
    private static PlatformOptions OptionsFor(string data) =>
        PlatformOptions.Isolated(data) with
        {
            Replicas = WorkerReplicas.OfThisMachine with { Speed = 60 },
            WorkerSettings = IllustrativePrices.WorkerSettings,
        };
}
