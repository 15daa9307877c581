using Microsoft.Extensions.Options;
using Serverless.Worker.Configuration;

namespace Serverless.Worker.Authentication;

/// <summary>Guards what comes behind it.</summary>
internal static partial class GatewayOnlyExtensions
{
    /// <summary>Lets the gateway's requests alone pass, where there is a key to know it by; says so in the log where there is none.</summary>
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

    [LoggerMessage(1, LogLevel.Information, "No Worker:GatewayKeys: whoever reaches this machine's loopback is served, and nobody else")]
    private static partial void LogLoopback(ILogger logger);

    [LoggerMessage(2, LogLevel.Warning, "No Worker:GatewayKeys, but Worker:TrustNetwork: whoever the network lets in is served")]
    private static partial void LogTrustsNetwork(ILogger logger);
}
