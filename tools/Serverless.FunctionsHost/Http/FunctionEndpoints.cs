using Microsoft.AspNetCore.Routing.Patterns;
using Serverless.FunctionsHost.Functions;
using Serverless.FunctionsHost.Settings;
using Serverless.FunctionsHost.Worker;

namespace Serverless.FunctionsHost.Http;

/// <summary>Maps each HTTP-triggered function of the worker to its route.</summary>
internal static class FunctionEndpoints
{
    public static void MapFunctions(this IEndpointRouteBuilder endpoints)
    {
        var services = endpoints.ServiceProvider;
        endpoints.DataSources.Add(new FunctionEndpointDataSource(
            services.GetRequiredService<WorkerGate>(),
            services.GetRequiredService<HostSettings>(),
            services.GetRequiredService<HttpDispatcher>()));
    }

    public static Endpoint Create(FunctionDefinition definition, string routePrefix, HttpDispatcher dispatcher)
    {
        var function = HttpFunction.From(definition, routePrefix);
        var builder = new RouteEndpointBuilder(
            context => dispatcher.InvokeAsync(context, function), RoutePatternFactory.Parse(function.Route), order: 0)
        {
            DisplayName = function.Name,
        };
        builder.Metadata.Add(function);
        return builder.Build();
    }
}
