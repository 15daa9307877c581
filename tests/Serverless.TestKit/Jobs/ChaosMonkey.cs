using System.Diagnostics;
using System.Text.Json;
using Azure.Messaging.ServiceBus;
using Serverless.Contracts.Queues;
using Serverless.Topology.Platform;

namespace Serverless.TestKit.Jobs;

/// <summary>Kills the processes of a platform at random moments, by a seed, and brings them back.</summary>
/// <param name="platform">The platform, with the workers <c>worker</c> and <c>worker-2</c>.</param>
/// <param name="seed">What decides on victims and moments.</param>
/// <param name="longestPause">The longest time between two strikes.</param>
/// <param name="limit">How many strikes there are at most.</param>
public sealed class ChaosMonkey(LocalPlatform platform, int seed, TimeSpan longestPause, int limit)
{
    /// <summary>SIGTERM to a worker, which seals what it has and sends the rest on.</summary>
    public const string ScaleIn = "scale-in";

    /// <summary>A message that is delivered once more.</summary>
    public const string Redelivery = "redelivery";

    private readonly Random _random = new(seed);
    private readonly List<string> _strikes = [];

    /// <summary>What it does.</summary>
    public static IReadOnlyList<string> Kinds { get; } = ["worker", "worker-2", "gateway", "functions", "servicebus", ScaleIn, Redelivery];

    /// <summary>What was done, in order.</summary>
    public IReadOnlyList<string> Strikes => _strikes;

    /// <summary>How many of them were kills (SIGKILL).</summary>
    public int Kills => _strikes.Count(strike => strike is not (ScaleIn or Redelivery));

    /// <summary>Strikes until cancelled or the limit; every kind once before any comes twice.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        var round = new Queue<string>();
        while (!stop.IsCancellationRequested && _strikes.Count < limit)
        {
            if (round.Count == 0)
                round = new Queue<string>(Shuffle());
            await Task.Delay(TimeSpan.FromMilliseconds(_random.Next(200, (int)longestPause.TotalMilliseconds)), CancellationToken.None);
            if (stop.IsCancellationRequested)
                return;
            var kind = round.Dequeue();
            if (await StrikeAsync(kind))
                _strikes.Add(kind);
            else
                round.Enqueue(kind);
        }
    }

    private string[] Shuffle()
    {
        var kinds = Kinds.ToArray();
        _random.Shuffle(kinds);
        return kinds;
    }

    private async Task<bool> StrikeAsync(string kind)
    {
        switch (kind)
        {
            case "gateway":
                return await KillGatewayAsync();
            case Redelivery:
                return await RedeliverAsync();
            case ScaleIn:
                await platform.RestartAsync(_random.Next(2) == 0 ? "worker" : "worker-2", CancellationToken.None);
                return true;
            default:
                await platform.Services[kind].KillAsync();
                await platform.RestartAsync(kind, CancellationToken.None);
                return true;
        }
    }

    /// <summary>The Functions host's child; the host starts another.</summary>
    private async Task<bool> KillGatewayAsync()
    {
        try
        {
            using var client = new HttpClient { BaseAddress = platform.ApiUrl, Timeout = TimeSpan.FromSeconds(5) };
            using var status = JsonDocument.Parse(await client.GetStringAsync(new Uri("/admin/host/status", UriKind.Relative)));
            using var process = Process.GetProcessById(status.RootElement.GetProperty("workerProcessId").GetInt32());
            process.Kill();
            return true;
        }
        catch (Exception error) when (error is HttpRequestException or TaskCanceledException or ArgumentException or JsonException or KeyNotFoundException)
        {
            return false;
        }
    }

    /// <summary>Takes a message that waits and gives it back, so that it is delivered once more.</summary>
    private async Task<bool> RedeliverAsync()
    {
        await using var client = new ServiceBusClient(platform.Options.Ports.ServiceBus.ConnectionString);
        await using var receiver = client.CreateReceiver(ServiceBusQueues.Shards);
        try
        {
            if (await receiver.ReceiveMessageAsync(TimeSpan.FromSeconds(1)) is not { } message)
                return false;
            await receiver.AbandonMessageAsync(message);
            return true;
        }
        catch (ServiceBusException)
        {
            return false;
        }
    }
}
