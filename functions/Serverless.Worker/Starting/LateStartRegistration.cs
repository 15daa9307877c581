namespace Serverless.Worker.Starting;

/// <summary>Adds services that start late.</summary>
internal static class LateStartRegistration
{
    /// <summary>Adds <typeparamref name="T"/>, which is started when the first models are there.</summary>
    public static IServiceCollection AddLateService<T>(this IServiceCollection services)
        where T : class, IHostedService =>
        services.AddSingleton<T>().AddSingleton<LateStart<T>>().AddHostedService(provider => provider.GetRequiredService<LateStart<T>>());
}
