using System.Net;
using Serverless.ContainerHost.Replicas;
using Serverless.Scaling;
using Yarp.ReverseProxy.Forwarder;

namespace Serverless.ContainerHost.Ingress;

/// <summary>One request through the ingress: held while no replica is ready, then streamed to one and back.</summary>
internal sealed class IngressHandler(
    IHttpForwarder forwarder, Rotation rotation, IngressLoad load, WorkerScale rules, TimeProvider time)
{
    private static readonly ForwarderRequestConfig Forwarding = new()
    {
        // Silence in both directions. Until the answer begins the deadline is stricter.
        ActivityTimeout = ResponseDeadline.Limit,
        Version = HttpVersion.Version11,
        VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        AllowResponseBuffering = false,
    };

    /// <summary>Answers the request.</summary>
    /// <param name="context">The request.</param>
    /// <param name="stopping">Cancelled when the ingress stops: nothing is held any longer.</param>
    public async Task HandleAsync(HttpContext context, CancellationToken stopping)
    {
        using var deadline = new ResponseDeadline(time);
        load.Arrived();
        try
        {
            var replica = rotation.TryTake() ?? await HoldAsync(context, deadline, stopping);
            if (replica is null)
                await IngressAnswer.TooManyHeldAsync(context, rules.MaxHeldRequests);
            else
                await ForwardAsync(context, replica, deadline);
        }
        catch (OperationCanceledException) when (deadline.HasPassed)
        {
            await IngressAnswer.TimedOutAsync(context);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The caller left while it was held.
        }
        catch (OperationCanceledException)
        {
            await IngressAnswer.StoppingAsync(context);
        }
        finally
        {
            load.Left();
        }
    }

    private async Task<Replica?> HoldAsync(HttpContext context, ResponseDeadline deadline, CancellationToken stopping)
    {
        load.Held();
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, context.RequestAborted, stopping);
        return await rotation.HoldAsync(ends.Token);
    }

    private async Task ForwardAsync(HttpContext context, Replica replica, ResponseDeadline deadline)
    {
        try
        {
            var error = await forwarder.SendAsync(
                context, replica.Address.ToString(), replica.Http, Forwarding, new IngressTransformer(deadline), deadline.Token);

            // Once the answer has begun YARP has broken the connection off already: that is all that can be said then.
            if (error == ForwarderError.None || context.Response.HasStarted)
                return;
            if (deadline.HasPassed || error == ForwarderError.RequestTimedOut)
                await IngressAnswer.TimedOutAsync(context);
            else
                await IngressAnswer.ReplicaLostAsync(context);
        }
        finally
        {
            replica.Leave();
        }
    }
}
