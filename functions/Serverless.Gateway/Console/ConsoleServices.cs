using Microsoft.Extensions.DependencyInjection;

namespace Serverless.Gateway.Console;

internal static class ConsoleServices
{
    /// <summary>The web console. Needs holding, and jobs for their catalogue of models.</summary>
    public static IServiceCollection AddConsole(this IServiceCollection services) =>
        services.AddSingleton<ConsoleFiles>().AddSingleton<ModelOverview>().AddSingleton<ConsoleEndpoints>();
}
