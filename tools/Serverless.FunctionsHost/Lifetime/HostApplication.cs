using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;
using Serverless.FunctionsHost.Functions;
using Serverless.FunctionsHost.Http;
using Serverless.FunctionsHost.Queues;
using Serverless.FunctionsHost.Rpc;
using Serverless.FunctionsHost.Settings;
using Serverless.FunctionsHost.Telemetry;
using Serverless.FunctionsHost.Worker;

namespace Serverless.FunctionsHost.Lifetime;

/// <summary>Puts the host together.</summary>
internal static class HostApplication
{
    public static WebApplication Create(string[] args)
    {
        // Content root beside the program: an appsettings.json in the folder it was started from belongs to somebody else.
        var builder = WebApplication.CreateSlimBuilder(
            new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
        var settings = HostSettings.Read(builder.Configuration["app"]);
        builder.Configuration.Sources.Insert(0, HostLogging.Defaults(settings.HostJson));
        var address = new PublicAddress(builder.Configuration[WebHostDefaults.ServerUrlsKey] ?? PublicAddress.Default);
        builder.WebHost.UseUrls(address.Urls.Split(';'));
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = settings.RequestBodySizeLimit;
        });
        builder.Logging.AddSimpleConsole(console => console.SingleLine = true);
        builder.Services.AddSingleton(settings).AddSingleton(address);
        AddHost(builder.Services);
        builder.AddTelemetryExport();
        var app = builder.Build();
        app.MapHostStatus();
        app.MapFunctions();
        return app;
    }

    private static void AddHost(IServiceCollection services)
    {
        services.AddOptions<FunctionsHostOptions>().BindConfiguration(FunctionsHostOptions.Section)
            .ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<HostOptions>().Configure<IOptions<FunctionsHostOptions>>((host, options) =>
            host.ShutdownTimeout = options.Value.DrainTimeout + (options.Value.CancelGrace * 2));
        services.AddOptions<KestrelServerOptions>().Configure<IOptions<FunctionsHostOptions>>((kestrel, options) =>
            kestrel.Limits.RequestHeadersTimeout = options.Value.HeadTimeout);
        services.AddSingleton(TimeProvider.System);
        services.AddRouting();
        services.AddHttpForwarder();
        services.AddSingleton<MatcherPolicy, DeclaredMethodPolicy>();
        services.AddSingleton<KeyAuthorizer>().AddSingleton<HttpCall>().AddSingleton<HttpDispatcher>();
        services.AddSingleton<QueueClients>().AddSingleton<QueueMessageHandler>().AddSingleton<OutputBindings>();
        services.AddSingleton<FunctionInvoker>().AddSingleton<ListenerFactory>();
        services.AddSingleton<RpcLogForwarder>().AddSingleton<WorkerConnections>().AddSingleton<RpcServer>();
        services.AddSingleton<WorkerGate>().AddSingleton<WorkerHandshake>().AddSingleton<WorkerLauncher>();
        services.AddSingleton<WorkerStarter>().AddSingleton<WorkerSupervisor>();

        // In this order: stopped the other way round, and Kestrel, which starts last, stops first. So requests drain, then
        // messages, and only then does the worker end.
        services.AddHostedService(s => s.GetRequiredService<RpcServer>());
        services.AddHostedService(s => s.GetRequiredService<WorkerSupervisor>());
        services.AddHostedService<Listeners>();
    }
}
