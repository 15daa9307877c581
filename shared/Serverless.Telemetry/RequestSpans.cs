using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Serverless.Telemetry;

/// <summary>
/// Tells in the span of a sampled request what came of it, by the semantic conventions for HTTP: the framework (.NET 10) describes what was
/// asked alone. A request that is not sampled passes by.
/// </summary>
internal sealed class RequestSpans : IStartupFilter
{
    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use(static rest => context => Activity.Current is { Kind: ActivityKind.Server, IsAllDataRequested: true } span
            ? FollowAsync(context, rest, span)
            : rest(context));
        next(app);
    };

    private static async Task FollowAsync(HttpContext context, RequestDelegate rest, Activity span)
    {
        try
        {
            await rest(context);
            if (context.Response.StatusCode >= 500)
                span.SetStatus(ActivityStatusCode.Error).SetTag("error.type", $"{context.Response.StatusCode}");
        }
        catch (Exception error)
        {
            // Not its message, which may hold parts of the input.
            span.SetStatus(ActivityStatusCode.Error).SetTag("error.type", error.GetType().FullName);
            throw;
        }
        finally
        {
            Name(span, (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText);
            span.SetTag("http.response.status_code", context.Response.StatusCode);
        }
    }

    private static void Name(Activity span, string? route)
    {
        // The framework writes _OTHER for what no method is.
        var method = span.GetTagItem("http.request.method") is string known and not "_OTHER" ? known : "HTTP";
        span.DisplayName = route is null ? method : $"{method} {route}";
        if (route is not null)
            span.SetTag("http.route", route);
    }
}
