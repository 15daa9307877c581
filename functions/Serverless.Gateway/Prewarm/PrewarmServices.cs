using Microsoft.Extensions.DependencyInjection;

namespace Serverless.Gateway.Prewarm;

internal static class PrewarmServices
{
    /// <summary>Starting ahead of what is expected. Needs the tables and models of jobs, and warming.</summary>
    public static IServiceCollection AddPrewarm(this IServiceCollection services)
    {
        services.AddOptionsWithValidateOnStart<PrewarmOptions>().BindConfiguration(PrewarmOptions.Section).ValidateDataAnnotations();
        return services
            .AddSingleton<ArrivalCounter>().AddSingleton<ArrivalTable>().AddSingleton<PredictivePrewarm>()
            .AddHostedService<ArrivalRecorder>();
    }
}
