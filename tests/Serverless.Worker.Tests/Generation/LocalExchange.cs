using System.Text;
using Microsoft.AspNetCore.Http.Features;
using Serverless.Worker.InProcess;

namespace Serverless.Worker.Tests.Generation;

/// <summary>A request and its response in memory.</summary>
internal sealed class LocalExchange : IDisposable
{
    private readonly MemoryStream _body = new();

    public LocalExchange(string path = "/v1/chat/completions")
    {
        var response = new LocalResponse(_body, TestContext.Current.CancellationToken);
        var features = new FeatureCollection();
        features.Set<IHttpRequestFeature>(new HttpRequestFeature { Method = "POST", Path = path });
        features.Set<IHttpResponseFeature>(response);
        features.Set<IHttpRequestLifetimeFeature>(response);
        features.Set<IHttpResponseBodyFeature>(new StreamResponseBodyFeature(_body));
        Context = new DefaultHttpContext(features);
    }

    public HttpContext Context { get; }

    /// <summary>What was sent so far.</summary>
    public string Sent => Encoding.UTF8.GetString(_body.ToArray());

    /// <summary>The events that were sent, without comments.</summary>
    public IReadOnlyList<string> Events =>
    [
        .. Sent.Split("\n\n", StringSplitOptions.RemoveEmptyEntries)
            .Where(part => part.StartsWith("data: ", StringComparison.Ordinal))
            .Select(part => part["data: ".Length..]),
    ];

    public void Dispose() => _body.Dispose();
}
