using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Serverless.Gateway.Authentication.Entra;
using Serverless.Gateway.Authentication.Keys;

namespace Serverless.Gateway.Authentication;

internal static class ApiKeyServices
{
    /// <summary>Who calls. Needs the tables of jobs.</summary>
    public static IServiceCollection AddApiKeys(this IServiceCollection services)
    {
        services.AddOptionsWithValidateOnStart<ApiKeyOptions>().BindConfiguration(ApiKeyOptions.Section);
        services.AddSingleton<IValidateOptions<ApiKeyOptions>, ApiKeyOptionsValidator>();
        services.AddOptionsWithValidateOnStart<EntraOptions>().BindConfiguration(EntraOptions.Section);
        services.AddSingleton<IValidateOptions<EntraOptions>, EntraOptionsValidator>();
        return services
            .AddSingleton<KeyTable>().AddSingleton<KeyRing>().AddSingleton<KeyEndpoints>().AddSingleton<EntraTokens>()
            .AddSingleton<ApiKeyAuthenticator>();
    }
}
