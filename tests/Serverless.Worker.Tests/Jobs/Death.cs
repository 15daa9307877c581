using Azure.Core;
using Azure.Core.Pipeline;

namespace Serverless.Worker.Tests.Jobs;

/// <summary>Kills whoever is about to make a request to storage that <paramref name="when"/> picks: it and all later ones never leave.</summary>
internal sealed class Death(Func<Request, bool> when) : HttpPipelinePolicy
{
    private volatile bool _dead;

    /// <summary>Before a segment is written.</summary>
    public static Death BeforeWrite => new(request => request.Method == RequestMethod.Put && request.Uri.Path.Contains("/batches/batch_", StringComparison.Ordinal));

    /// <summary>Before an event is sent.</summary>
    public static Death BeforeEvent => new(request => request.Uri.Path.EndsWith("/messages", StringComparison.Ordinal));

    public override ValueTask ProcessAsync(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
    {
        Check(message.Request);
        return ProcessNextAsync(message, pipeline);
    }

    public override void Process(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
    {
        Check(message.Request);
        ProcessNext(message, pipeline);
    }

    private void Check(Request request)
    {
        if (_dead || when(request))
        {
            _dead = true;
            throw new DeathException();
        }
    }
}
