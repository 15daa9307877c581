using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Serverless.Contracts.Errors;
using Serverless.Contracts.Http;
using Serverless.Gateway.Audit;
using Serverless.Gateway.Authentication;
using Serverless.Gateway.Costs.Budgets;
using Serverless.Gateway.Errors;
using Serverless.Gateway.Forwarding;
using Serverless.Gateway.RateLimits;
using Serverless.Gateway.Telemetry;
using Serverless.Gateway.Tenants;

namespace Serverless.Gateway.Http;

/// <summary>
/// What happens to an HTTP request, in order: who are you, does it exist, may you, how often, can you pay for it, may it be this large, is a
/// replica there, forward.
/// </summary>
internal sealed partial class GatewayPipeline(
    ApiKeyAuthenticator authenticator,
    BudgetGate budgets,
    WorkerForwarder forwarder,
    RateLimiter limits,
    LimitBook tenants,
    AuditLog audit,
    GatewayMetrics metrics,
    TimeProvider time,
    ILogger<GatewayPipeline> logger)
{
    private const string Stranger = "unknown";

    public Task ForwardAsync(HttpContext context)
    {
        var api = ErrorBody.ProtocolOf(context.Request.Path) == WireProtocol.OpenAi ? "openai" : "open-inference";
        return RunAsync(context, api, async caller =>
        {
            var route = await CheckRouteAsync(context, caller);
            if (!route.ForOperators)
                await CheckBudgetAsync(context, caller);
            // In place of whatever the caller sent: nobody runs on another's behalf.
            context.Request.Headers[InferenceHeaders.Tenant] = Uri.EscapeDataString(caller.Name);
            await (route.ForOperators
                ? AuditAsync(context, caller, () => forwarder.ForwardAsync(context, route, caller))
                : forwarder.ForwardAsync(context, route, caller));
        });
    }

    /// <summary>
    /// Runs <paramref name="work"/> for a caller with an operator's key; it is audited unless it only reads, or is a <paramref name="routine"/>
    /// that is run again and again.
    /// </summary>
    public Task ForOperatorAsync(HttpContext context, Func<Task> work, bool routine = false) => RunAsync(context, "operator", caller =>
    {
        CheckOperator(context, caller);
        return routine ? work() : AuditAsync(context, caller, work);
    });

    /// <summary>Runs <paramref name="work"/> of the web console for a caller who may read.</summary>
    public Task ForConsoleAsync(HttpContext context, Func<Caller, Task> work) => RunAsync(context, "console", caller =>
    {
        caller.Check(Operations.Read);
        return work(caller);
    });

    /// <summary>
    /// Runs <paramref name="work"/> of the OpenAI API for a caller who may read, or do what <paramref name="change"/> says where the method is
    /// none that only reads.
    /// </summary>
    public Task ForCallerAsync(HttpContext context, Func<Caller, Task> work, Operations change = Operations.Infer) => RunAsync(context, "openai", async caller =>
    {
        await AdmitAsync(context, caller);
        caller.Check(Reads(context) ? Operations.Read : change);
        await CheckBudgetAsync(context, caller);
        await work(caller);
    });

    private async ValueTask AdmitAsync(HttpContext context, Caller caller) =>
        limits.Admit(context, caller.Name, (await tenants.OfAsync(caller.Name)).RequestsPerMinute);

    private async ValueTask CheckBudgetAsync(HttpContext context, Caller caller)
    {
        // Only what brings work: who has spent all may still look at answers, and cancel.
        var bringsWork = context.Request.Method == "POST" && context.Request.Path.Value?.EndsWith("/cancel", StringComparison.Ordinal) != true;
        if (bringsWork && (await tenants.OfAsync(caller.Name)).Budget is { } budget)
            await budgets.CheckAsync(budget, context.Response.Headers);
    }

    private static bool Reads(HttpContext context) => context.Request.Method is "GET" or "HEAD";

    private void CheckOperator(HttpContext context, Caller caller)
    {
        if (!caller.Allowed.HasFlag(Operations.Admin))
            audit.LogRefused(context, caller);
        caller.Check(Operations.Admin);
    }

    private async Task AuditAsync(HttpContext context, Caller caller, Func<Task> work)
    {
        if (Reads(context))
        {
            await work();
            return;
        }

        var row = await audit.BeginAsync(context, caller);
        try
        {
            await work();
        }
        catch (InferenceException exception)
        {
            await audit.EndAsync(row, context, exception.Error.Status);
            throw;
        }

        await audit.EndAsync(row, context, context.Response.StatusCode);
    }

    private async ValueTask<Route> CheckRouteAsync(HttpContext context, Caller caller)
    {
        var route = RouteTable.Find(context.Request.Path.Value ?? "/");
        if (route.ForOperators)
        {
            CheckOperator(context, caller);
        }
        else
        {
            await AdmitAsync(context, caller);
            caller.Check(Reads(context) ? Operations.Read : Operations.Infer);
        }

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
            var caller = await authenticator.AuthenticateAsync(context.Request);
            name = caller.Name;
            await work(caller);
        }
        catch (InferenceException exception)
        {
            await ErrorAnswer.WriteAsync(context, exception.Error);
        }
        catch (BadHttpRequestException)
        {
            // No defect of ours, and nothing for the log: the body is no HTTP, or stopped coming.
            await ErrorAnswer.WriteAsync(context, KeptBody.BrokenOff);
        }
        catch (Exception exception) when (!context.RequestAborted.IsCancellationRequested && !context.Response.HasStarted)
        {
            LogDefect(ShownText.Of(context.Request.Path), exception);
            await ErrorAnswer.WriteAsync(context, new InferenceError(ErrorKind.Internal, "The gateway failed; its log says why."));
        }
        finally
        {
            metrics.AddRequest(api, name, context.Response.StatusCode, time.GetElapsedTime(start));
        }
    }

    [LoggerMessage(1, LogLevel.Error, "A request to {Path} failed in the gateway")]
    private partial void LogDefect(string path, Exception exception);
}
