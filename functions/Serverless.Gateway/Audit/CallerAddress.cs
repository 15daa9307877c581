using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Serverless.Contracts.Http;

namespace Serverless.Gateway.Audit;

/// <summary>
/// Where a request came from, as far as that can be known: what the outermost trusted proxy wrote. What stands before it in
/// <c>X-Forwarded-For</c> is the client's own invention.
/// </summary>
internal sealed class CallerAddress(IOptions<CallerAddressOptions> options)
{
    private const string Header = "X-Forwarded-For";

    public string Of(HttpContext context)
    {
        var proxies = options.Value.TrustedProxies;
        var hops = context.Request.Headers[Header].ToString().Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (proxies == 0 || hops.Length == 0)
            return context.Connection.RemoteIpAddress?.ToString() ?? "";
        // Fewer hops than proxies: somebody came in behind the outermost one, past which there is nothing to believe.
        var hop = hops[Math.Max(0, hops.Length - proxies)];
        return IPEndPoint.TryParse(hop, out var address) ? address.Address.ToString() : ShownText.Of(hop);
    }
}
