using System.Net;
using System.Text;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration.Memory;
using Microsoft.Extensions.Options;
using Serverless.ContainerHost.Ingress;
using Serverless.ContainerHost.Probes;
using Serverless.ContainerHost.Replicas;
using Serverless.ContainerHost.Scaling;
using Serverless.ContainerHost.Settings;
using Serverless.ContainerHost.Status;
using Serverless.ContainerHost.Telemetry;
using Serverless.Scaling;

namespace Serverless.ContainerHost.Hosting;

/// <summary>Puts the host together.</summary>
internal static class ContainerHostApplication
{
    public static WebApplication Create(string[] args) => Build(CreateBuilder(args));

    /// <summary>Everything but what listens, so that tests can exchange a part.</summary>
    public static WebApplicationBuilder CreateBuilder(string[] args)
    {
        // Content root beside the program: an appsettings.json in the folder it was started from belongs to somebody else.
        var builder = WebApplication.CreateSlimBuilder(
            new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
        builder.Configuration.Sources.Insert(0, QuietFrameworks());
        builder.Logging.AddSimpleConsole(console => console.SingleLine = true);
        builder.Services.AddOptions<ContainerHostOptions>().BindConfiguration(ContainerHostOptions.Section).ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<ContainerHostOptions>, ContainerHostOptionsValidator>();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(30));
        AddHost(builder.Services);
        builder.WebHost.ConfigureKestrel(ConfigureKestrel);
        builder.AddTelemetryExport();
        return builder;
    }

    public static WebApplication Build(WebApplicationBuilder builder)
    {
        var app = builder.Build();
        var management = EndPointOf(app.Services.GetRequiredService<IOptions<ContainerHostOptions>>().Value.ManagementUrl).Port;
        var status = app.Services.GetRequiredService<ManagementHandler>();
        var ingress = app.Services.GetRequiredService<IngressHandler>();
        app.Run(context => context.Connection.LocalPort == management
            ? status.HandleAsync(context)
            : ingress.HandleAsync(context, app.Lifetime.ApplicationStopping));
        return app;
    }

    private static MemoryConfigurationSource QuietFrameworks() => new()
    {
        InitialData = new Dictionary<string, string?>
        {
            ["Logging:LogLevel:Default"] = "Information",
            ["Logging:LogLevel:Microsoft.AspNetCore"] = "Warning",
            ["Logging:LogLevel:Yarp"] = "Error",
        },
    };

    private static void AddHost(IServiceCollection services)
    {
        services.AddSingleton(TimeProvider.System);
        services.AddHttpForwarder();
        services.AddSingleton(provider => RulesOf(provider.GetRequiredService<IOptions<ContainerHostOptions>>().Value));
        services.AddSingleton(provider => ScaleTimes.Of(provider.GetRequiredService<WorkerScale>()).Compressed(SpeedOf(provider)));
        services.AddSingleton(provider => WorkerProbes.Usual.Compressed(SpeedOf(provider)));
        services.AddSingleton<ReplicaProber>().AddSingleton<ReplicaRun>().AddSingleton<ReplicaPool>();
        services.AddSingleton<Rotation>().AddSingleton<IngressLoad>().AddSingleton<IngressHandler>();
        services.AddSingleton<QueueCounts>().AddSingleton<ScaleHistory>().AddSingleton<ScaleRule>();
        services.AddSingleton<ReplicaMetrics>().AddSingleton<HostStatus>().AddSingleton<ManagementHandler>();

        // In this order: stopped the other way round, and Kestrel, which starts last, stops first. So requests drain, then nothing is
        // decided any more, and only then do the replicas end.
        services.AddHostedService(provider => provider.GetRequiredService<ReplicaPool>());
        services.AddHostedService<ScaleLoop>();
    }

    private static double SpeedOf(IServiceProvider provider) => provider.GetRequiredService<IOptions<ContainerHostOptions>>().Value.Speed;

    private static WorkerScale RulesOf(ContainerHostOptions options)
    {
        var rules = ScaleRules.Load(options.ScaleFile).Worker;
        var most = Math.Min(rules.MaxReplicas, options.MaxReplicas ?? rules.MaxReplicas);
        return rules with { MaxReplicas = most, MinReplicas = Math.Min(rules.MinReplicas, most) };
    }

    private static void ConfigureKestrel(KestrelServerOptions kestrel)
    {
        var options = kestrel.ApplicationServices.GetRequiredService<IOptions<ContainerHostOptions>>().Value;
        kestrel.AddServerHeader = false;

        // Limits are the app's business; bytes of headers pass as they came.
        kestrel.Limits.MaxRequestBodySize = null;
        kestrel.Limits.MinRequestBodyDataRate = null;
        kestrel.Limits.MinResponseDataRate = null;
        kestrel.RequestHeaderEncodingSelector = static _ => Encoding.Latin1;
        kestrel.ResponseHeaderEncodingSelector = static _ => Encoding.Latin1;
        foreach (var url in new[] { options.Url, options.ManagementUrl })
            kestrel.Listen(EndPointOf(url), listen => listen.Protocols = HttpProtocols.Http1);
    }

    private static IPEndPoint EndPointOf(string url)
    {
        var address = new Uri(url);
        return new IPEndPoint(IPAddress.Parse(address.Host.Trim('[', ']')), address.Port);
    }
}
