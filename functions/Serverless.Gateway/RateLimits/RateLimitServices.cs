using Microsoft.Extensions.DependencyInjection;

namespace Serverless.Gateway.RateLimits;

internal static class RateLimitServices
{
    public static IServiceCollection AddRateLimits(this IServiceCollection services)
    {
        services.AddOptionsWithValidateOnStart<RateLimitOptions>().BindConfiguration(RateLimitOptions.Section).ValidateDataAnnotations();
        return services.AddSingleton<RateLimiter>();
    }
}
