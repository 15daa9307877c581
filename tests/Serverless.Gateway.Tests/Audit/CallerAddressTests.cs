using System.Net;
using Microsoft.Extensions.Options;
using Serverless.Gateway.Audit;

namespace Serverless.Gateway.Tests.Audit;

public sealed class CallerAddressTests
{
    [Theory]
    [InlineData(1, "203.0.113.9", "203.0.113.9")]
    [InlineData(1, "10.0.0.1, 203.0.113.9", "203.0.113.9")]
    [InlineData(1, "10.0.0.1,203.0.113.9:4711", "203.0.113.9")]
    [InlineData(1, "[2001:db8::1]:4711", "2001:db8::1")]
    [InlineData(2, "10.0.0.1, 203.0.113.9, 198.51.100.2", "203.0.113.9")]
    [InlineData(3, "203.0.113.9, 198.51.100.2", "203.0.113.9")]
    [InlineData(1, "10.0.0.1, no\taddress", "no?address")]
    [InlineData(1, " , ", "192.0.2.1")]
    [InlineData(1, "", "192.0.2.1")]
    [InlineData(0, "203.0.113.9", "192.0.2.1")]
    public void Of_ForwardedRequest_IsWhatTheOutermostTrustedProxyWrote(int proxies, string header, string expected)
    {
        var context = new DefaultHttpContext();
        context.Connection.RemoteIpAddress = IPAddress.Parse("192.0.2.1");
        context.Request.Headers["X-Forwarded-For"] = header;

        var address = new CallerAddress(Options.Create(new CallerAddressOptions { TrustedProxies = proxies })).Of(context);

        Assert.Equal(expected, address);
    }
}
