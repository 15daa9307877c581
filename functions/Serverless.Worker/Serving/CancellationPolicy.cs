using Microsoft.Extensions.ObjectPool;
using Serverless.Worker.Draining;

namespace Serverless.Worker.Serving;

/// <summary>Makes the cancellations that calls share one after another: each knows the drain once, not anew for every call.</summary>
internal sealed class CancellationPolicy(Drain drain) : PooledObjectPolicy<CallCancellation>
{
    public override CallCancellation Create() => new(drain.Ended);

    public override bool Return(CallCancellation obj) => true;
}
