using Grpc.Core;
using Serverless.Contracts.Http;
using Serverless.Worker.Costs;

namespace Serverless.Worker.Grpc;

/// <summary>Tells the caller what a call's requests cost, in its trailing metadata, as the header of an HTTP answer does.</summary>
internal static class CostTrailer
{
    /// <param name="context">The call; nothing of its trailers has left.</param>
    /// <param name="device">Its share of the time for which models ran; a stream's is that of all of its requests.</param>
    public static void Write(ServerCallContext context, TimeSpan device)
    {
        var price = context.GetHttpContext().RequestServices.GetRequiredService<ReplicaPrice>();
        if (price.IsOn)
            context.ResponseTrailers.Add(InferenceHeaders.Cost, price.TextOf(device));
    }
}
