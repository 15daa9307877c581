using Microsoft.AspNetCore.Server.Kestrel.Core;
using Serverless.Telemetry.Prometheus;

namespace Serverless.Worker.Metrics;

/// <summary>
/// Serves <c>/metrics</c> on an address of its own, out of reach of whoever may call the models. There is nothing else at that address, and no
/// <c>/metrics</c> at the others. It is the same server, since a second one takes 20 ms of a start.
/// </summary>
internal sealed class MetricsListener
{
    private static readonly MetricsListener Mark = new();

    private MetricsListener()
    {
    }

    /// <summary>Makes an address this one: what comes by it is marked.</summary>
    public static void Listen(ListenOptions address) => address.Use(next => connection =>
    {
        connection.Features.Set(Mark);
        return next(connection);
    });

    /// <summary>Answers what came by that address.</summary>
    public static Func<HttpContext, RequestDelegate, Task> Answer(PrometheusExporter exporter) => (context, next) =>
        context.Features.Get<MetricsListener>() is null ? next(context) : AnswerAsync(context, exporter);

    private static Task AnswerAsync(HttpContext context, PrometheusExporter exporter)
    {
        if (context.Request.Path != "/metrics" || !HttpMethods.IsGet(context.Request.Method))
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        }

        var (text, type) = exporter.Export(context.Request.Headers.Accept.ToString());
        return Results.Text(text, type).ExecuteAsync(context);
    }
}
