using Microsoft.AspNetCore.Http;
using Serverless.Contracts.Errors;
using Serverless.Gateway.Forwarding.Streams;
using Serverless.Gateway.Holding;

namespace Serverless.Gateway.Forwarding;

/// <summary>Sends a request to the worker once, in the way that suits its answer.</summary>
internal sealed class WorkerSender(PlainSender plain, StreamSender streams, ReplicaState state)
{
    /// <summary>Null when the request was answered, or when the client left.</summary>
    /// <exception cref="InferenceException">Nothing was answered, and another replica would not help.</exception>
    public async Task<Loss?> SendAsync(ForwardedRequest request)
    {
        var context = request.Context;
        var body = context.Request.Body;
        context.Request.Body = request.Body.Open();
        try
        {
            var loss = await (request.Events is { } events ? streams.SendAsync(request, events) : plain.SendAsync(request));
            if (loss is null)
                return null;
            state.Lost();
            if (!context.Response.HasStarted)
                context.Response.Clear();
            return loss;
        }
        finally
        {
            context.Request.Body = body;
        }
    }
}
