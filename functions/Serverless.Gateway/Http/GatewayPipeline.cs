using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Serverless.Contracts.Errors;
using Serverless.Contracts.Http;
using Serverless.Gateway.Authentication;
using Serverless.Gateway.Errors;
using Serverless.Gateway.Forwarding;
using Serverless.Gateway.Telemetry;

namespace Serverless.Gateway.Http;

/// <summary>What happens to an HTTP request, in order: who are you, does it exist, may it be this large, is a replica there, forward.</summary>
internal sealed partial class GatewayPipeline(
    ApiKeyAuthenticator authenticator,
    WorkerForwarder forwarder,
    GatewayMetrics metrics,
    TimeProvider time,
    ILogger<GatewayPipeline> logger)
{
    private const string Stranger = "unknown";

    public Task ForwardAsync(HttpContext context)
    {
        var api = ErrorBody.ProtocolOf(context.Request.Path) == WireProtocol.OpenAi ? "openai" : "open-inference";
        return RunAsync(context, api, caller =>
        {
            var route = CheckRoute(context, caller);
            // In place of whatever the caller sent: nobody runs on another's behalf.
            context.Request.Headers[InferenceHeaders.Tenant] = Uri.EscapeDataString(caller.Name);
            return forwarder.ForwardAsync(context, route, caller.Name);
        });
    }

    /// <summary>Runs <paramref name="work"/> for a caller with an operator's key.</summary>
    public Task ForOperatorAsync(HttpContext context, Func<Task> work) => RunAsync(context, "operator", caller =>
    {
        CheckOperator(caller);
        return work();
    });

    /// <summary>Runs <paramref name="work"/> of the OpenAI API for a caller with any key.</summary>
    public Task ForCallerAsync(HttpContext context, Func<Caller, Task> work) => RunAsync(context, "openai", work);

    /// <summary>Runs <paramref name="work"/> of the web console for a caller with any key.</summary>
    public Task ForConsoleAsync(HttpContext context, Func<Caller, Task> work) => RunAsync(context, "console", work);

    private static void CheckOperator(Caller caller)
    {
        if (!caller.IsOperator)
            throw new InferenceException(ErrorKind.Forbidden, "This key may not use operators' endpoints.");
    }

    private static Route CheckRoute(HttpContext context, Caller caller)
    {
        var route = RouteTable.Find(context.Request.Path.Value ?? "/");
        if (route.ForOperators)
            CheckOperator(caller);
        var method = context.Request.Method;
        var allowed = route.Methods;
        if (allowed.Contains(method))
            return route;
        var list = string.Join(", ", allowed);
        context.Response.Headers.Allow = list;
        throw new InferenceException(ErrorKind.MethodNotAllowed, $"{method} is not allowed here; allowed: {list}.");
    }

    private async Task RunAsync(HttpContext context, string api, Func<Caller, Task> work)
    {
        var start = time.GetTimestamp();
        var name = Stranger;
        try
        {
            var caller = authenticator.Authenticate(context.Request);
            name = caller.Name;
            await work(caller);
        }
        catch (InferenceException exception)
        {
            await ErrorAnswer.WriteAsync(context, exception.Error);
        }
        catch (Exception exception) when (!context.RequestAborted.IsCancellationRequested && !context.Response.HasStarted)
        {
            LogDefect(context.Request.Path, exception);
            await ErrorAnswer.WriteAsync(context, new InferenceError(ErrorKind.Internal, "The gateway failed; its log says why."));
        }
        finally
        {
            metrics.AddRequest(api, name, context.Response.StatusCode, time.GetElapsedTime(start));
        }
    }

    [LoggerMessage(1, LogLevel.Error, "A request to {Path} failed in the gateway")]
    private partial void LogDefect(PathString path, Exception exception);
}
