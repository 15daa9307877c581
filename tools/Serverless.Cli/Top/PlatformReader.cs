using System.Diagnostics;
using System.Text;
using Serverless.Cli.Api;
using Serverless.Cli.Batches;

namespace Serverless.Cli.Top;

/// <summary>Reads the platform again and again; each reading is compared with those before it.</summary>
internal sealed class PlatformReader(ApiClient api, HttpClient http, ReplicaSource replicas)
{
    // More than the console shows; older ones are hardly still at work.
    private const int NewestBatches = 100;

    // A gateway that is busy answers late; one that takes this long is not worth waiting for while the rest grows old.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly long _start = Stopwatch.GetTimestamp();
    private readonly ScrapeWindow _gateway = new();
    private readonly Dictionary<Uri, ScrapeWindow> _replicas = [];
    private readonly ModelStates _states = new(api);

    /// <summary>Sees whether there is a gateway that tells its metrics to this key.</summary>
    /// <exception cref="ApiException">The key may not.</exception>
    /// <exception cref="HttpRequestException">Nobody answers.</exception>
    /// <exception cref="FormatException">Whoever answers is no gateway.</exception>
    public Task ConnectAsync(CancellationToken cancellationToken) => ScrapeGatewayAsync(cancellationToken);

    public async Task<PlatformReading> ReadAsync(CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        var token = patience.Token;
        Task<Part<T>> Read<T>(Func<Task<T>> read)
            where T : class => Part<T>.ReadAsync(read, cancellationToken);

        var gateway = Read(() => ScrapeGatewayAsync(token));
        var models = Read(async () => ModelList.Read((await api.GetAsync("/console/models", token)).Body));
        var batches = Read(() => new BatchApi(api).ListAsync(NewestBatches, token));
        var workers = await Read(() => ScrapeReplicasAsync(token));
        var isAwake = (await models).Value?.IsAwake == true;
        var states = await Read(() => _states.GetAsync(isAwake, LoadsOf(workers.Value), token));
        return new PlatformReading(await gateway, workers, await models, states, await batches);
    }

    private async Task<Observation> ScrapeGatewayAsync(CancellationToken cancellationToken)
    {
        using var text = new MemoryStream();
        await api.DownloadAsync("/metrics", text, cancellationToken);
        return Observe(Encoding.UTF8.GetString(text.GetBuffer().AsSpan(0, (int)text.Length)), _gateway);
    }

    private async Task<IReadOnlyList<ReplicaReading>> ScrapeReplicasAsync(CancellationToken cancellationToken) =>
        await Task.WhenAll((await replicas.ListAsync(cancellationToken)).Select(replica => ScrapeAsync(replica, WindowOf(replica.Metrics), cancellationToken)));

    private async Task<ReplicaReading> ScrapeAsync(Replica replica, ScrapeWindow window, CancellationToken cancellationToken)
    {
        DateTimeOffset? clock = null;
        var metrics = await Part<Observation>.ReadAsync(
            async () =>
            {
                using var response = await http.GetAsync(new Uri(replica.Metrics, "/metrics"), cancellationToken);
                response.EnsureSuccessStatusCode();
                clock = response.Headers.Date;
                return Observe(await response.Content.ReadAsStringAsync(cancellationToken), window);
            },
            CancellationToken.None);
        var started = metrics.Value?.Now.Started;
        return new ReplicaReading(
            replica, metrics, started > 0 ? clock - DateTimeOffset.UnixEpoch.AddSeconds(started.Value) : null);
    }

    private ScrapeWindow WindowOf(Uri replica)
    {
        if (!_replicas.TryGetValue(replica, out var window))
            _replicas[replica] = window = new ScrapeWindow();
        return window;
    }

    private Observation Observe(string text, ScrapeWindow window)
    {
        var now = Scrape.Parse(text, Stopwatch.GetElapsedTime(_start));
        return new Observation(now, window.Add(now));
    }

    private static double LoadsOf(IReadOnlyList<ReplicaReading>? replicas) => replicas?.Sum(replica =>
        (replica.Metrics.Value?.Now.Sum("serverless_inference_loads") ?? 0) + (replica.Metrics.Value?.Now.Sum("serverless_inference_models_loaded") ?? 0)) ?? 0;
}
