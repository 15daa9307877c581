using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Serverless.Gateway.Http;
using Serverless.Telemetry.Prometheus;

namespace Serverless.Gateway.Telemetry;

/// <summary><c>GET /metrics</c> in Prometheus' format, for an operator's key.</summary>
internal sealed class MetricsFunction(GatewayPipeline pipeline, PrometheusExporter exporter)
{
    [Function("metrics")]
    public Task RunAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "metrics")] HttpRequest request) =>
        pipeline.ForOperatorAsync(request.HttpContext, async () =>
        {
            var response = request.HttpContext.Response;
            (var text, response.ContentType) = exporter.Export(request.Headers.Accept.ToString());
            await response.Body.WriteAsync(Encoding.UTF8.GetBytes(text), request.HttpContext.RequestAborted);
        });
}
