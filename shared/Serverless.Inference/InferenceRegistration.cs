using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Serverless.Inference.Diagnostics;
using Serverless.Inference.Generation;
using Serverless.Inference.Lifecycle;
using Serverless.Inference.Onnx;
using Serverless.Inference.Staging;
using Serverless.Models.Loading;
using Serverless.Models.Storage;

namespace Serverless.Inference;

/// <summary>Registers the engine.</summary>
public static class InferenceRegistration
{
    /// <summary>Adds the engine over the registered <see cref="IModelStore"/>, with <see cref="InferenceOptions"/> as configured.</summary>
    public static IServiceCollection AddInference(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<InferenceMetrics>();
        services.TryAddSingleton<GenerationMetrics>();
        services.TryAddSingleton(provider => new RequestMeter(provider.GetRequiredService<InferenceMetrics>()));
        services.TryAddSingleton(provider => provider.GetRequiredService<InferenceMetrics>().DeviceTimes);
        services.TryAddSingleton(ChooseProvider);
        services.TryAddSingleton<IPackageLoader>(provider => new PackageLoader(
            provider.GetRequiredService<IModelStore>(),
            provider.GetRequiredService<IOptions<InferenceOptions>>().Value.Cache,
            provider.GetRequiredService<TimeProvider>()));
        services.TryAddSingleton<LoadMeter>();
        services.TryAddSingleton<IModelLoader, ModelLoader>();
        services.TryAddSingleton<RegistryClock>();
        services.TryAddSingleton(provider => new ModelRegistry(
            provider.GetRequiredService<IModelStore>(),
            provider.GetRequiredService<IModelLoader>(),
            provider.GetRequiredService<IOptions<InferenceOptions>>(),
            provider.GetRequiredService<ExecutionProviderChoice>(),
            provider.GetRequiredService<InferenceMetrics>(),
            provider.GetRequiredService<RegistryClock>())
        {
            StageWorkers = provider.GetService<IStageWorkers>(),
        });
        return services;
    }

    private static ExecutionProviderChoice ChooseProvider(IServiceProvider provider)
    {
        var options = provider.GetRequiredService<IOptions<InferenceOptions>>().Value;
        // Whatever starts the runtime first decides on its threads.
        OnnxRuntimeLibrary.EnsureStarted(options.IntraOpThreads);
        var choice = ExecutionProviderSelector.Choose(options.ExecutionProviders, options.RequireGpu);
        ProviderLog.Chosen(provider.GetRequiredService<ILogger<ModelRegistry>>(), choice.Name, choice.Reason);
        provider.GetRequiredService<InferenceMetrics>().Provider(choice.Name);
        return choice;
    }
}
