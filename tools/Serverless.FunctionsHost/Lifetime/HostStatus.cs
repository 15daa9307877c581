using System.Net;
using Serverless.FunctionsHost.Worker;

namespace Serverless.FunctionsHost.Lifetime;

/// <summary>GET /admin/host/status: what runs here, for tools on the same machine.</summary>
internal static class HostStatus
{
    public static void MapHostStatus(this IEndpointRouteBuilder endpoints) =>
        endpoints.MapGet("/admin/host/status", (HttpContext context, WorkerGate gate, WorkerSupervisor supervisor) =>
        {
            if (context.Connection.RemoteIpAddress is not { } remote || !IPAddress.IsLoopback(remote)) return Results.NotFound();
            var session = gate.Current;
            return Results.Json(new
            {
                state = session is null ? "Restarting" : "Running",
                processId = Environment.ProcessId,
                workerProcessId = session?.ProcessId,
                restarts = supervisor.Restarts,
                functions = session?.Functions.Select(f => new { name = f.Name, trigger = f.Trigger?.Type }),
            });
        });
}
