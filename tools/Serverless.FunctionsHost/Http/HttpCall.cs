using System.Net;
using Serverless.FunctionsHost.Functions;
using Serverless.FunctionsHost.Rpc;
using Serverless.FunctionsHost.Rpc.Messages;
using Serverless.FunctionsHost.Settings;
using Serverless.FunctionsHost.Worker;
using Yarp.ReverseProxy.Forwarder;

namespace Serverless.FunctionsHost.Http;

/// <summary>One call of a function over both roads: the request over HTTP, the invocation over gRPC.</summary>
internal sealed partial class HttpCall(
    IHttpForwarder forwarder, OutputBindings outputs, HostSettings settings, TimeProvider time, ILogger<HttpCall> logger)
{
    // What the Functions host allows without a byte in either direction.
    private static readonly ForwarderRequestConfig Forwarding = new()
    {
        ActivityTimeout = TimeSpan.FromSeconds(240),
        Version = HttpVersion.Version11,
        VersionPolicy = HttpVersionPolicy.RequestVersionExact,
    };

    // How long one road may lag behind the other before the call is given up.
    private static readonly TimeSpan Lag = TimeSpan.FromSeconds(5);

    private readonly bool _traced = settings.HostJson.OpenTelemetry;

    /// <summary>
    /// False when the worker was gone before it was told of the call, so that the call may be made again without running twice.
    /// </summary>
    public async Task<bool> RunAsync(HttpContext context, HttpFunction function, WorkerSession session)
    {
        var request = HttpInvocation.Describe(context, function, session.Function(function.Name).Id, _traced);

        // Always ours: a caller's own value would join its request to another call.
        context.Request.Headers[HttpInvocation.IdHeader] = request.InvocationId;
        PendingInvocation pending;
        try
        {
            pending = await session.Channel.BeginAsync(request, context.RequestAborted);
        }
        catch (WorkerLostException)
        {
            return false;
        }

        using var left = context.RequestAborted.UnsafeRegister(static state => ((PendingInvocation)state!).Cancel(), pending);
        var error = await ForwardAsync(context, session, pending);
        var clientLeft = context.RequestAborted.IsCancellationRequested;

        // What a function hands to its outputs is written whether or not the client waits for the answer.
        if (error == ForwarderError.None || (clientLeft && function.HasOutputs)) await CompleteAsync(context, function, session, pending);
        else if (clientLeft) pending.Forget();
        else await FailAsync(context, pending);
        return true;
    }

    private async Task<ForwarderError> ForwardAsync(HttpContext context, WorkerSession session, PendingInvocation pending)
    {
        using var given = new CancellationTokenSource();
        var forwarding = forwarder
            .SendAsync(context, session.HttpPrefix, session.Http, Forwarding, HttpTransformer.Default, given.Token).AsTask();
        if (await Task.WhenAny(forwarding, pending.Task) == pending.Task
            && !(pending.Task.IsCompletedSuccessfully && Succeeded(pending.Task.Result)))
        {
            // A function that failed before it took the request leaves the HTTP road hanging.
            given.CancelAfter(Lag);
        }

        return await forwarding;
    }

    private async Task CompleteAsync(HttpContext context, HttpFunction function, WorkerSession session, PendingInvocation pending)
    {
        InvocationResponse response;
        try
        {
            response = await AnswerAsync(context, pending, function.HasOutputs ? CancellationToken.None : context.RequestAborted);
            if (!Succeeded(response)) throw new InvocationFailedException(response.Result);
            if (function.HasOutputs) await outputs.WriteAsync(session.Function(function.Name), response, CancellationToken.None);
        }
        catch (WorkerLostException)
        {
            await HttpAnswer.WriteAsync(context, StatusCodes.Status502BadGateway, HttpAnswer.WorkerLost);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            pending.Forget();
        }
        catch (Exception e)
        {
            LogFailed(function.Name, pending.Id, e.GetBaseException().Message);
            if (context.Response.HasStarted) context.Abort();
            else context.Response.StatusCode = StatusCodes.Status500InternalServerError;
        }
    }

    private async Task<InvocationResponse> AnswerAsync(HttpContext context, PendingInvocation pending, CancellationToken givenUp)
    {
        if (pending.Task.IsCompleted || context.Response.StatusCode < 400) return await pending.Task.WaitAsync(givenUp);
        try
        {
            return await pending.Task.WaitAsync(Lag, time, givenUp);
        }
        catch (TimeoutException)
        {
            // The worker's own pipeline answered with an error and the request never reached the function.
            pending.Cancel();
            pending.Forget();
            return new InvocationResponse { Result = new StatusResult { Status = StatusResult.Types.Status.Success } };
        }
    }

    private async Task FailAsync(HttpContext context, PendingInvocation pending)
    {
        // What is lost first is told first: with nobody to read it, the slowest body is not at fault.
        if (!IsLost(pending) && RefusalOf(context.Features.Get<IForwarderErrorFeature>()) is { } status)
        {
            // Nobody knows where the next request would begin.
            pending.Cancel();
            pending.Forget();
            context.Response.Headers.Connection = "close";
            await HttpAnswer.WriteAsync(context, status, status switch
            {
                StatusCodes.Status413PayloadTooLarge => HttpAnswer.TooLarge(settings.RequestBodySizeLimit),
                StatusCodes.Status408RequestTimeout => HttpAnswer.TooSlow,
                _ => HttpAnswer.Unreadable,
            });
            return;
        }

        // A caller must not see a lost worker before the gate does, or its next request would go there too.
        var lost = await IsLostAsync(pending);
        pending.Cancel();
        pending.Forget();
        var timedOut = context.Response.StatusCode == StatusCodes.Status504GatewayTimeout;
        var failed = !lost && pending.Task.IsCompletedSuccessfully && !Succeeded(pending.Task.Result);
        if (failed && !context.Response.HasStarted) context.Response.StatusCode = StatusCodes.Status500InternalServerError;
        else if (lost) await HttpAnswer.WriteAsync(context, StatusCodes.Status502BadGateway, HttpAnswer.WorkerLost);
        else
            await HttpAnswer.WriteAsync(
                context, timedOut ? StatusCodes.Status504GatewayTimeout : StatusCodes.Status502BadGateway, HttpAnswer.Unanswered);
    }

    private static bool IsLost(PendingInvocation pending) => pending.Task.Exception?.InnerException is WorkerLostException;

    private async Task<bool> IsLostAsync(PendingInvocation pending)
    {
        try
        {
            await pending.Task.WaitAsync(TimeSpan.FromSeconds(1), time, CancellationToken.None);
            return false;
        }
        catch (Exception e) when (e is WorkerLostException or TimeoutException)
        {
            return e is WorkerLostException;
        }
    }

    private static bool Succeeded(InvocationResponse response) => response.Result?.Status == StatusResult.Types.Status.Success;

    /// <summary>The status for a body that is too large, too slow or no body at all; null when that was not it.</summary>
    private static int? RefusalOf(IForwarderErrorFeature? failure) =>
        StatusIn(failure?.Exception) ?? (failure?.Error == ForwarderError.RequestBodyClient ? StatusCodes.Status400BadRequest : null);

    private static int? StatusIn(Exception? exception) => exception switch
    {
        null => null,
        BadHttpRequestException refusal => refusal.StatusCode,
        AggregateException several => several.InnerExceptions.Select(StatusIn).FirstOrDefault(status => status is not null),
        _ => StatusIn(exception.InnerException),
    };

    [LoggerMessage(EventId = 1, Level = LogLevel.Error, Message = "Function {Name} failed (invocation {InvocationId}): {Reason}")]
    private partial void LogFailed(string name, string invocationId, string reason);
}
