using Microsoft.Extensions.Options;
using Serverless.Worker.Configuration;

namespace Serverless.Worker.Authentication;

/// <summary>Guards what comes behind it.</summary>
internal static partial class GatewayOnlyExtensions
{
    /// <summary>Registers what the gateway is known by: its identity where an issuer is configured, otherwise a key.</summary>
    public static void AddGatewayProof(this IServiceCollection services) => services
        .AddSingleton<TenantRequests>()
        .AddSingleton<IGatewayProof>(provider => provider.GetRequiredService<IOptions<WorkerOptions>>().Value.EntraAuthority is null
            ? ActivatorUtilities.CreateInstance<VerifiedTokens>(provider)
            : ActivatorUtilities.CreateInstance<GatewayIdentity>(provider));

    /// <summary>Lets the gateway's requests alone pass, where there is a key or an identity to know it by; says so in the log where there is none.</summary>
    public static void UseGatewayOnly(this WebApplication app)
    {
        var options = app.Services.GetRequiredService<IOptions<WorkerOptions>>().Value;
        if (options.KnowsGateway)
            app.UseMiddleware<GatewayOnly>();
        else if (options.TrustNetwork)
            LogTrustsNetwork(app.Logger);
        else
            LogLoopback(app.Logger);
    }

    [LoggerMessage(1, LogLevel.Information, "No Worker:GatewayKeys, no Worker:EntraAuthority: whoever reaches this machine's loopback is served, and nobody else")]
    private static partial void LogLoopback(ILogger logger);

    [LoggerMessage(2, LogLevel.Warning, "No Worker:GatewayKeys, no Worker:EntraAuthority, but Worker:TrustNetwork: whoever the network lets in is served")]
    private static partial void LogTrustsNetwork(ILogger logger);
}
