using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Primitives;
using Serverless.FunctionsHost.Functions;
using Serverless.FunctionsHost.Settings;
using Serverless.FunctionsHost.Worker;

namespace Serverless.FunctionsHost.Http;

/// <summary>
/// The routes of the first worker. They stay as they are when a worker is replaced: it runs the same build output. Read when the
/// server starts, which is after the first worker is ready.
/// </summary>
internal sealed class FunctionEndpointDataSource(WorkerGate gate, HostSettings settings, HttpDispatcher dispatcher) : EndpointDataSource
{
    private IReadOnlyList<Endpoint>? _endpoints;

    public override IReadOnlyList<Endpoint> Endpoints => _endpoints ??= Create();

    public override IChangeToken GetChangeToken() => NullChangeToken.Singleton;

    private Endpoint[] Create() =>
        gate.Current is { } session
            ? [.. session.Functions
                .Where(f => f.Trigger?.Is(BindingTypes.Http) == true)
                .Select(f => FunctionEndpoints.Create(f, settings.HostJson.RoutePrefix, dispatcher))]
            : throw new InvalidOperationException("Routes were asked for before a worker was ready.");
}
