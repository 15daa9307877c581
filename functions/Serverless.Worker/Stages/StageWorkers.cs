using Microsoft.Extensions.Options;
using Serverless.Contracts.Models;
using Serverless.Inference.Staging;
using Serverless.Worker.Configuration;

namespace Serverless.Worker.Stages;

/// <summary>The workers of <c>Worker:Stages</c>, over connections that are kept.</summary>
internal sealed class StageWorkers : IStageWorkers, IDisposable
{
    // A request that finds no connection waits for one: the stages hold only so many requests.
    private const int MaxConnections = 64;

    // A worker on this network answers in milliseconds, or is not there.
    private static readonly TimeSpan ConnectTime = TimeSpan.FromSeconds(5);

    // Names are looked up anew, since replicas come and go behind them.
    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(2);

    private readonly Dictionary<string, Uri> _urls;
    private readonly HttpClient _http;
    private readonly StageServices _services;

    public StageWorkers(IOptions<WorkerOptions> options, TimeProvider time, ILogger<StageWorkers> logger)
    {
        _urls = (options.Value.Stages ?? []).ToDictionary(address => address.Name, address => new Uri(address.Url), StringComparer.Ordinal);
        _http = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            ConnectTimeout = ConnectTime,
            MaxConnectionsPerServer = MaxConnections,
            PooledConnectionLifetime = ConnectionLifetime,
            UseCookies = false,
            UseProxy = false,
        })
        {
            // The request's own deadline ends it.
            Timeout = Timeout.InfiniteTimeSpan,
        };
        _services = new StageServices(_http, new StageAccess(options, time), time, logger);
    }

    public IStage? Find(ModelReference package, string place) =>
        _urls.TryGetValue(place, out var url) ? new RemoteStage(new StageTarget(package, place, url), _services) : null;

    public void Dispose() => _http.Dispose();
}
