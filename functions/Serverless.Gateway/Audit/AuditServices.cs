using Microsoft.Extensions.DependencyInjection;

namespace Serverless.Gateway.Audit;

internal static class AuditServices
{
    /// <summary>The audit log. Needs the tables of jobs.</summary>
    public static IServiceCollection AddAudit(this IServiceCollection services)
    {
        services.AddOptionsWithValidateOnStart<CallerAddressOptions>().BindConfiguration(CallerAddressOptions.Section).ValidateDataAnnotations();
        return services.AddSingleton<CallerAddress>().AddSingleton<AuditLog>().AddSingleton<AuditEndpoint>();
    }
}
