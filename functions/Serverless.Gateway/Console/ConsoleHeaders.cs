using Microsoft.AspNetCore.Http;

namespace Serverless.Gateway.Console;

/// <summary>What every answer of the console tells the browser.</summary>
internal static class ConsoleHeaders
{
    // The page has neither inline scripts nor inline styles and speaks to its own gateway only.
    private const string Policy = "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    public static void Set(HttpResponse response)
    {
        var headers = response.Headers;
        headers.ContentSecurityPolicy = Policy;
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers.CacheControl = "no-store";
    }
}
