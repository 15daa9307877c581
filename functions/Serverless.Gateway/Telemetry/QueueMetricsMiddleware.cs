using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;
using Serverless.Telemetry;

namespace Serverless.Gateway.Telemetry;

/// <summary>Counts the messages of storage queues, whose functions are all named after their queues.</summary>
internal sealed class QueueMetricsMiddleware(MessagingMetrics metrics, TimeProvider time) : IFunctionsWorkerMiddleware
{
    public async Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
    {
        if (!context.FunctionDefinition.InputBindings.Values.Any(binding => binding.Type == "queueTrigger"))
        {
            await next(context);
            return;
        }

        var started = time.GetTimestamp();
        string? error = "exception";
        try
        {
            await next(context);
            error = null;
        }
        finally
        {
            metrics.Processed(MessagingMetrics.StorageQueue, context.FunctionDefinition.Name, time.GetElapsedTime(started), error);
        }
    }
}
