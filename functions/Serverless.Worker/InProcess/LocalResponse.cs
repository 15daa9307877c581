using Microsoft.AspNetCore.Http.Features;

namespace Serverless.Worker.InProcess;

/// <summary>The response and the lifetime of a request that came over no connection.</summary>
internal sealed class LocalResponse(MemoryStream body, CancellationToken cancellationToken) : HttpResponseFeature, IHttpRequestLifetimeFeature
{
    /// <summary>Whether the answer was broken off: its body is not whole.</summary>
    public bool IsAborted { get; private set; }

    public override bool HasStarted => body.Length > 0;

    public CancellationToken RequestAborted { get; set; } = cancellationToken;

    public void Abort() => IsAborted = true;
}
