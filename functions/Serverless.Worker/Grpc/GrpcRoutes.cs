using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Primitives;

namespace Serverless.Worker.Grpc;

/// <summary>
/// The routes of the protocol over gRPC, which the first connection to its address has made: finding the service's methods takes 15 ms of a
/// start, and most replicas are never asked over gRPC.
/// </summary>
internal sealed class GrpcRoutes(IServiceProvider services) : EndpointDataSource, IDisposable
{
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _made = new();
    private IReadOnlyList<Endpoint>? _endpoints;
    private volatile bool _isRouted;

    public override IReadOnlyList<Endpoint> Endpoints => Volatile.Read(ref _endpoints) ?? [];

    public override IChangeToken GetChangeToken() =>
        Volatile.Read(ref _endpoints) is null ? new CancellationChangeToken(_made.Token) : NullChangeToken.Singleton;

    /// <summary>Makes an address the one that has them made.</summary>
    public void Listen(ListenOptions address) => address.Use(next => connection =>
    {
        Make();
        return next(connection);
    });

    public void Dispose() => _made.Dispose();

    private void Make()
    {
        if (_isRouted)
            return;
        lock (_gate)
        {
            if (_isRouted)
                return;
            var builder = new Builder(services);
            builder.MapGrpcService<InferenceService>();
            Volatile.Write(ref _endpoints, [.. builder.DataSources.SelectMany(source => source.Endpoints)]);
            // Routing takes them over in this call.
            _made.Cancel();
            _isRouted = true;
        }
    }

    private sealed class Builder(IServiceProvider services) : IEndpointRouteBuilder
    {
        public IServiceProvider ServiceProvider => services;

        public ICollection<EndpointDataSource> DataSources { get; } = [];

        public IApplicationBuilder CreateApplicationBuilder() => new ApplicationBuilder(services);
    }
}
