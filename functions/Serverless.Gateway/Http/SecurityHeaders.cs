using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace Serverless.Gateway.Http;

/// <summary>
/// What browsers are told of every answer: take it for what it says it is, keep it nowhere, show it in nobody's frame. An endpoint that says
/// otherwise itself is left alone.
/// </summary>
internal sealed class SecurityHeaders : IStartupFilter
{
    // Nothing that is not a page has anything to load.
    private const string DataPolicy = "default-src 'none'; frame-ancestors 'none'";

    // The page of the API's document brings scripts and styles in itself; nothing comes from, or goes to, another host.
    private const string PagePolicy = "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; "
        + "img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use(static (context, after) =>
        {
            context.Response.OnStarting(static state => Add((HttpResponse)state), context.Response);
            return after(context);
        });
        next(app);
    };

    private static Task Add(HttpResponse response)
    {
        var headers = response.Headers;
        headers.TryAdd("X-Content-Type-Options", "nosniff");
        headers.TryAdd("X-Frame-Options", "DENY");
        headers.TryAdd("Referrer-Policy", "no-referrer");
        headers.TryAdd("Cache-Control", "no-store");
        var isPage = response.ContentType?.StartsWith("text/html", StringComparison.OrdinalIgnoreCase) == true;
        headers.TryAdd("Content-Security-Policy", isPage ? PagePolicy : DataPolicy);
        return Task.CompletedTask;
    }
}
