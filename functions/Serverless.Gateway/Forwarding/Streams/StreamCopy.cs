using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;
using Serverless.Contracts.Errors;
using Serverless.Contracts.Http;
using Yarp.ReverseProxy.Forwarder;

namespace Serverless.Gateway.Forwarding.Streams;

/// <summary>Passes the worker's answer on to a client who asked for a stream.</summary>
internal sealed partial class StreamCopy(ILogger<StreamCopy> logger)
{
    private const int MaxErrorBytes = 64 << 10;

    private static readonly InferenceError ReplicaLost = new(
        ErrorKind.WorkerUnreachable, "The replica that wrote this answer was lost; what has come is not all of it.");

    private static readonly InferenceError NoStream = new(ErrorKind.Internal, "The worker answered with something that is no stream.");

    /// <summary>A loss when the replica was lost and nothing has been sent yet.</summary>
    public async Task<Loss?> CopyAsync(ForwardedRequest request, EventAnswer events, HttpResponseMessage response, Silence silence)
    {
        ToldUsage.Settle(request.Charge, response);
        var isStream = response.IsSuccessStatusCode && response.Content.Headers.ContentType?.MediaType == EventAnswer.ContentType;
        if (!events.HasBegun)
            await CopyHeadAsync(request, response, silence.Token);
        else if (!isStream)
            return await FailAsync(events, response, silence.Token);
        else if (TimingOf(request, response) is { } timing)
            await events.CommentAsync($"server-timing {timing}");

        await using var body = await response.Content.ReadAsStreamAsync(silence.Token);
        if (await WholeEvents.CopyAsync(body, request.Context.Response.Body, silence, request.Charge))
            return null;
        LogLost(ShownText.Of(request.Context.Request.Path));
        if (!events.HasBegun)
            return new Loss(Loss.Broken);
        if (isStream)
            await events.BreakOffAsync(ReplicaLost);
        else
            request.Context.Abort();
        return null;
    }

    private static async Task CopyHeadAsync(ForwardedRequest request, HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var context = request.Context;
        context.Response.StatusCode = (int)response.StatusCode;
        await HttpTransformer.Default.TransformResponseAsync(context, response, cancellationToken);
        ServerTiming.Prepend(context.Response, request.Timing);
        context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
    }

    private static string? TimingOf(ForwardedRequest request, HttpResponseMessage response) =>
        string.Join(", ", new[] { request.Timing }.OfType<string>().Concat(
            response.Headers.TryGetValues(ServerTiming.Header, out var values) ? values : [])) is { Length: > 0 } timing ? timing : null;

    private static async Task<Loss?> FailAsync(EventAnswer events, HttpResponseMessage response, CancellationToken cancellationToken)
    {
        await response.Content.LoadIntoBufferAsync(MaxErrorBytes, cancellationToken);
        var body = await response.Content.ReadAsByteArrayAsync(cancellationToken);
        await (response.IsSuccessStatusCode || body.AsSpan().Contains((byte)'\n') ? events.FailAsync(NoStream) : events.FailAsync(body));
        return null;
    }

    [LoggerMessage(1, LogLevel.Warning, "A stream from {Path} was lost with its replica")]
    private partial void LogLost(string path);
}
