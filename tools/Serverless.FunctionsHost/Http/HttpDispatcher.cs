using Microsoft.Extensions.Options;
using Serverless.FunctionsHost.Rpc;
using Serverless.FunctionsHost.Settings;
using Serverless.FunctionsHost.Worker;

namespace Serverless.FunctionsHost.Http;

/// <summary>The way of a request: may it, is it small enough, which worker, forward; once more if the worker was just lost.</summary>
internal sealed class HttpDispatcher(
    WorkerGate gate, HttpCall call, KeyAuthorizer keys, HostSettings settings, IOptions<FunctionsHostOptions> options)
{
    private readonly TimeSpan _workerWait = options.Value.WorkerWait;

    public async Task InvokeAsync(HttpContext context, HttpFunction function)
    {
        if (!keys.Allows(function, context.Request))
        {
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            return;
        }

        if (context.Request.ContentLength > settings.RequestBodySizeLimit)
        {
            await HttpAnswer.WriteAsync(context, StatusCodes.Status413PayloadTooLarge, HttpAnswer.TooLarge(settings.RequestBodySizeLimit));
            return;
        }

        try
        {
            var session = await gate.WaitAsync(_workerWait, context.RequestAborted);
            if (await call.RunAsync(context, function, session)) return;

            // Nothing of the request reached that worker: the next one may have it.
            session = await gate.WaitAsync(_workerWait, context.RequestAborted);
            if (!await call.RunAsync(context, function, session))
                await HttpAnswer.WriteAsync(context, StatusCodes.Status502BadGateway, HttpAnswer.WorkerLost);
        }
        catch (WorkerLostException)
        {
            context.Response.Headers.RetryAfter = "1";
            await HttpAnswer.WriteAsync(context, StatusCodes.Status503ServiceUnavailable, HttpAnswer.NoWorker);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The caller left while no worker was ready.
        }
    }
}
