using System.ComponentModel;
using Serverless.Cli.Api;
using Spectre.Console;
using Spectre.Console.Cli;
using Spectre.Console.Rendering;

namespace Serverless.Cli.Top;

/// <summary><c>infer top</c>: what the platform does now.</summary>
internal sealed class TopCommand(IAnsiConsole console) : AsyncCommand<TopCommand.Settings>
{
    // Of a pipe no width is known: a remark stays on its line.
    private const int PrintedWidth = 160;

    internal sealed class Settings : ApiSettings
    {
        [CommandOption("--worker <URL>")]
        [Description("Where a replica serves its metrics; may be repeated. Default: $INFER_WORKERS, with commas between, or the local platform's replicas.")]
        public string[]? Workers { get; init; }

        [CommandOption("--interval <SECONDS>")]
        [Description("How often it is read, 1 to 60.")]
        [DefaultValue(2)]
        public int Interval { get; init; } = 2;

        [CommandOption("--once")]
        [Description("Print one table after one interval and end, as when the output is no terminal.")]
        public bool Once { get; init; }

        public string[] WorkerUrls => Workers is { Length: > 0 } ? Workers
            : (Environment.GetEnvironmentVariable("INFER_WORKERS") ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

        public override ValidationResult Validate()
        {
            if (Interval is < 1 or > 60)
                return ValidationResult.Error($"--interval must be from 1 to 60 seconds, not {Interval}.");
            var wrong = WorkerUrls.FirstOrDefault(url => !Uri.TryCreate(url, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https"));
            return wrong is null ? base.Validate() : ValidationResult.Error($"--worker must be an http URL such as http://10.0.0.4:8081, not '{wrong}'.");
        }
    }

    public override async Task<int> ExecuteAsync(CommandContext context, Settings settings, CancellationToken cancellationToken)
    {
        using var api = new ApiClient(settings.BaseUrl, settings.ApiKey);
        using var http = new HttpClient();
        var source = new ReplicaSource(http, [.. settings.WorkerUrls.Select(url => new Uri(url))], settings.BaseUrl.IsLoopback ? LocalReplicas.Usual : null);
        var reader = new PlatformReader(api, http, source);
        var interval = TimeSpan.FromSeconds(settings.Interval);
        await reader.ConnectAsync(cancellationToken);
        var first = await reader.ReadAsync(cancellationToken);
        if (settings.Once || !console.Profile.Capabilities.Interactive)
        {
            await Task.Delay(interval, cancellationToken);
            console.Profile.Width = Math.Max(console.Profile.Width, PrintedWidth);
            console.Write(TopView.Of(await reader.ReadAsync(cancellationToken)));
            return 0;
        }

        await ShowAsync(reader, first, interval, cancellationToken);
        return 0;
    }

    private async Task ShowAsync(PlatformReader reader, PlatformReading first, TimeSpan interval, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(interval);
        try
        {
            // What does not fit is left out at the end: the totals are at the top.
            await console.Live(View(first)).Cropping(VerticalOverflowCropping.Bottom).StartAsync(async live =>
            {
                while (await timer.WaitForNextTickAsync(cancellationToken))
                {
                    live.UpdateTarget(View(await reader.ReadAsync(cancellationToken)));
                    live.Refresh();
                }
            });
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Ctrl+C is how it ends.
        }
    }

    private IRenderable View(PlatformReading reading) => TopView.Of(reading, console.Profile.Height);
}
