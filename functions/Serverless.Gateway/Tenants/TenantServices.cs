using Microsoft.Extensions.DependencyInjection;

namespace Serverless.Gateway.Tenants;

internal static class TenantServices
{
    /// <summary>Limits of tenants. Needs the tables of jobs, and the options of rate limits and costs.</summary>
    public static IServiceCollection AddTenants(this IServiceCollection services) =>
        services.AddSingleton<TenantTable>().AddSingleton<LimitBook>().AddSingleton<LaterUsage>().AddSingleton<TenantEndpoints>();
}
