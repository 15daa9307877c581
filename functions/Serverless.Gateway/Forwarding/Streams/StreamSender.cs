using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Serverless.Contracts.Errors;
using Serverless.Gateway.Holding;
using Yarp.ReverseProxy.Forwarder;

namespace Serverless.Gateway.Forwarding.Streams;

/// <summary>
/// Sends a request whose answer is to be a stream of events. YARP would do, but for two things: an answer that has begun here with a
/// heartbeat goes on with the worker's, and one whose replica is lost ends with an error event.
/// </summary>
internal sealed class StreamSender(
    WorkerTransformer transformer, WorkerClient worker, ReplicaState state, Patience patience, StreamCopy copy, IOptions<ForwardingOptions> options)
{
    /// <summary>Sends <paramref name="request"/> once. Null when it was answered, or when the client left.</summary>
    /// <exception cref="InferenceException">Nothing was answered, and another replica would not help.</exception>
    public async Task<Loss?> SendAsync(ForwardedRequest request, EventAnswer events)
    {
        var context = request.Context;
        using var silence = new Silence(patience.Begin(request), options.Value.ActivityTimeout, context.RequestAborted);
        using var message = await CreateAsync(context, silence.Token);
        events.GiveTurn();
        try
        {
            using var response = await events.WhileAsync(worker.Invoker.SendAsync(message, silence.Token));
            if (IngressAnswer.Is(response))
                return new Loss(Loss.Ingress);
            state.Answered();
            return await copy.CopyAsync(request, events, response, silence);
        }
        catch (Exception) when (context.RequestAborted.IsCancellationRequested)
        {
            return null;
        }
        catch (OperationCanceledException exception) when (silence.IsOver)
        {
            throw patience.TooLate(request, exception);
        }
        catch (HttpRequestException exception)
        {
            return LimitedBody.TooLargeIn(exception) is { } error ? throw new InferenceException(error, exception) : Loss.Of(exception);
        }
        finally
        {
            // Whatever still runs: a heartbeat that failed leaves the sending behind.
            silence.End();
        }
    }

    private async Task<HttpRequestMessage> CreateAsync(HttpContext context, CancellationToken cancellationToken)
    {
        var message = new HttpRequestMessage(HttpMethod.Parse(context.Request.Method), (Uri?)null)
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
            Content = new StreamContent(context.Request.Body),
        };
        await transformer.TransformRequestAsync(context, message, worker.BaseUrl, cancellationToken);
        message.RequestUri ??= RequestUtilities.MakeDestinationAddress(worker.BaseUrl, context.Request.Path, context.Request.QueryString);
        return message;
    }
}
