using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;
using Serverless.Inference;
using Serverless.Inference.Staging;
using Serverless.Models.Catalog;
using Serverless.Models.Storage;
using Serverless.Telemetry;
using Serverless.Telemetry.Prometheus;
using Serverless.Worker.Authentication;
using Serverless.Worker.Configuration;
using Serverless.Worker.Costs;
using Serverless.Worker.Draining;
using Serverless.Worker.Generation;
using Serverless.Worker.Grpc;
using Serverless.Worker.Http;
using Serverless.Worker.InProcess;
using Serverless.Worker.Jobs;
using Serverless.Worker.Metrics;
using Serverless.Worker.OpenAi;
using Serverless.Worker.OpenApi;
using Serverless.Worker.OpenInference;
using Serverless.Worker.Repository;
using Serverless.Worker.Serving;
using Serverless.Worker.Shadowing;
using Serverless.Worker.Stages;
using Serverless.Worker.Starting;
using Serverless.Worker.Statistics;
using Serverless.Worker.Transport;

namespace Serverless.Worker;

/// <summary>The worker's parts put together.</summary>
internal static class WorkerApplication
{
    public static WebApplication Build(string[] args, ProcessStart start)
    {
        // The settings beside the program hold wherever it is started from, and until it ends: watching them takes 5 ms of its start.
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions
        {
            Args = ["--hostBuilder:reloadConfigOnChange=false", .. args],
            ContentRootPath = AppContext.BaseDirectory,
        });
        var store = EarlyStart.Begin(builder.Configuration);
        builder.AddServerlessTelemetry(new TelemetryOptions("serverless-worker"));
        AddOptions(builder);
        AddEngine(builder.Services, store);
        builder.Services.AddInferenceGrpc();
        builder.Services.AddGatewayProof();
        builder.Services.AddHostedService<ProviderCheck>();
        builder.Services.AddSingleton<ModelPreload>();
        builder.Services.AddHostedService(provider => provider.GetRequiredService<ModelPreload>());
        builder.Services.AddSingleton<LocalRequests>();
        builder.Services.AddDrain();
        AddStartReport(builder.Services, start);
        builder.AddJobs();
        builder.AddCosts(start);
        builder.Services.AddSingleton<IConnectionListenerFactory, PollingTransport>();
        ConfigureKestrel(builder);

        var app = builder.Build();
        app.Services.ListenNow();
        ModelPreload.Begin(app.Services);
        app.UseMiddleware<LongRequests>();
        app.Use(MetricsListener.Answer(app.Services.GetRequiredService<PrometheusExporter>()));
        app.Use(app.Services.GetRequiredService<LocalRequests>().Attach);
        app.UseMiddleware<ErrorAnswers>();
        app.UseGatewayOnly();
        app.UseMiddleware<InferPath>();
        app.UseRouting();
        app.MapHealth();
        app.MapOpenInference();
        app.MapRepository();
        app.MapServingSettings();
        app.MapShadows();
        app.MapStatistics();
        app.MapOpenAi();
        app.MapGeneration();
        app.MapOpenApiDocument();
        app.MapInferenceGrpc();
        return app;
    }

    private static void AddOptions(WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<WorkerOptions>().BindConfiguration(WorkerOptions.Section).ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<WorkerOptions>, WorkerOptionsValidator>();
        builder.Services.AddOptions<GenerationSettings>().BindConfiguration(GenerationSettings.Section).ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<GenerationSettings>, GenerationSettingsValidator>();
        builder.Services.AddOptions<InferenceOptions>()
            .Configure<IOptions<WorkerOptions>>((engine, worker) => worker.Value.ApplyTo(engine))
            .Configure<IOptions<GenerationSettings>>((engine, generation) => engine.Generation = generation.Value);
    }

    private static void AddEngine(IServiceCollection services, IModelStore? store)
    {
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton(provider => store ?? ModelStores.Open(
            provider.GetRequiredService<IOptions<WorkerOptions>>().Value.ModelStore,
            provider.GetRequiredService<IConfiguration>(),
            provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<ModelCatalog>();
        services.AddSingleton<IStageWorkers, StageWorkers>();
        services.AddInference();
        services.AddSingleton<ModelCalls>();
        services.AddSingleton<InferHandler>();
        services.AddSingleton<FailureReport>();
        services.AddSingleton<GenerationHandler>();
        services.AddSingleton<ServerState>();
        services.AddSingleton<RepositoryCalls>();
        services.AddSingleton<StatisticsCalls>();
    }

    private static void AddStartReport(IServiceCollection services, ProcessStart start)
    {
        services.AddSingleton<StartMetrics>();
        services.AddSingleton(provider => ActivatorUtilities.CreateInstance<StartReport>(provider, start));
        services.AddHostedService(provider => provider.GetRequiredService<StartReport>());
    }

    private static void ConfigureKestrel(WebApplicationBuilder builder) => builder.WebHost.ConfigureKestrel(kestrel =>
    {
        var options = kestrel.ApplicationServices.GetRequiredService<IOptions<WorkerOptions>>().Value;
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = options.MaxBodyBytes;
        kestrel.LimitConnections();
        kestrel.Configure(Listeners.Of(options))
            .Endpoint(Listeners.Metrics, address => MetricsListener.Listen(address.ListenOptions))
            .Endpoint(Listeners.Grpc, address => kestrel.ApplicationServices.GetRequiredService<GrpcRoutes>().Listen(address.ListenOptions));
    });
}
