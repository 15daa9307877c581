using Microsoft.Extensions.Options;
using Serverless.Contracts.Configuration;
using Serverless.Contracts.Costs;
using Serverless.Worker.Jobs;
using Serverless.Worker.Starting;

namespace Serverless.Worker.Costs;

/// <summary>Registers what charges for the replica, where it has a price.</summary>
internal static class CostRegistration
{
    public static void AddCosts(this WebApplicationBuilder builder, ProcessStart start)
    {
        var services = builder.Services;
        services.AddOptions<CostOptions>().BindConfiguration(CostOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<CostOptions>, CostOptionsValidator>();
        services.AddSingleton<ReplicaPrice>();
        var options = new CostOptions();
        builder.Configuration.GetSection(CostOptions.Section).Bind(options);
        if (!new ReplicaPrice(Options.Create(options)).IsOn)
            return;
        services.AddSingleton<CostMetrics>();
        // At the edge there may be no account: then metrics tell it alone.
        if (builder.Configuration[Settings.Storage] is { Length: > 0 } || builder.Configuration[$"{Settings.Storage}:tableServiceUri"] is not null)
        {
            services.AddSingleton(provider => new CostTable(
                JobStorageAccount.CreateTable(builder.Configuration, CostTables.Costs), provider.GetRequiredService<IOptions<CostOptions>>()));
        }

        services.AddHostedService(provider => ActivatorUtilities.CreateInstance<CostRecorder>(provider, start));
    }
}
