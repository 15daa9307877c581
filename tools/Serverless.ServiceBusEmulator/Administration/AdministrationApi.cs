using Serverless.ServiceBusEmulator.Amqp;
using Serverless.ServiceBusEmulator.Entities;

namespace Serverless.ServiceBusEmulator.Administration;

/// <summary>What the HTTP port serves.</summary>
internal sealed partial class AdministrationApi(Broker broker, ConnectionLimits limits, ILogger<AdministrationApi> logger)
{
    public Task HandleAsync(HttpContext context) => context.Request.Path.Value switch
    {
        "/health" => context.Response.WriteAsync("""{"status":"healthy","message":"Service is healthy."}"""),
        _ => Task.FromResult((broker, limits, logger)),
    };
}
