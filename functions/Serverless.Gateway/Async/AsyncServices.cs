using Microsoft.Extensions.DependencyInjection;

namespace Serverless.Gateway.Async;

internal static class AsyncServices
{
    /// <summary>Requests that are answered later. Needs the clients that jobs and queued requests register.</summary>
    public static IServiceCollection AddAsync(this IServiceCollection services)
    {
        services.AddOptionsWithValidateOnStart<AsyncOptions>().BindConfiguration(AsyncOptions.Section).ValidateDataAnnotations();
        return services.AddSingleton<OperationStore>().AddSingleton<AsyncSubmission>().AddSingleton<OperationNotices>().AddSingleton<AsyncEndpoints>();
    }
}
