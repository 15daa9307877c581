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
/// <param name="sampling">What begins the spans; null where the framework does.</param>
internal sealed class RequestSpans(RequestSampling? sampling) : IStartupFilter
{
    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use(rest => context => SpanOf(context) is { Kind: ActivityKind.Server, IsAllDataRequested: true } span
            ? FollowAsync(context, rest, span)
            : rest(context));
        next(app);
    };

    private Activity? SpanOf(HttpContext context) => sampling is null ? Activity.Current : sampling.Start(context.Request);

    private async Task FollowAsync(HttpContext context, RequestDelegate rest, Activity span)
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
            // A header, so whatever its sender likes: the framework writes it down.
            span.SetTag("user_agent.original", null);
            span.SetTag("http.response.status_code", context.Response.StatusCode);
            // For who called this it is the current span still: the framework's own metrics, recorded after this, are its exemplars.
            if (sampling is not null)
                span.Stop();
        }
    }

    private static void Name(Activity span, string? route)
    {
        // _OTHER is what the framework writes for what no method is.
        var method = span.GetTagItem("http.request.method") is string known and not "_OTHER" ? known : "HTTP";
        span.DisplayName = route is null ? method : $"{method} {route}";
        if (route is not null)
            span.SetTag("http.route", route);
    }
}
