using System.Diagnostics;
using Serverless.FunctionsHost.Rpc.Messages;

namespace Serverless.FunctionsHost.Http;

/// <summary>Builds the gRPC half of an HTTP call; the request itself travels over HTTP and the worker joins the two by id.</summary>
internal static class HttpInvocation
{
    public const string IdHeader = "x-ms-invocation-id";

    private static readonly TypedData EmptyHttp = new() { Http = new RpcHttp() };
    private static readonly RpcTraceContext NoTrace = new();

    public static InvocationRequest Describe(HttpContext context, HttpFunction function, string functionId, bool traced)
    {
        var request = new InvocationRequest
        {
            InvocationId = Guid.NewGuid().ToString(),
            FunctionId = functionId,
            TraceContext = traced ? Trace(Activity.Current) : NoTrace,
        };
        request.InputData.Add(new ParameterBinding { Name = function.TriggerName, Data = EmptyHttp });

        // The worker converts parameters such as `int n` of "sse/{n:int}" from here, not from the path.
        foreach (var (name, value) in context.Request.RouteValues)
            request.TriggerMetadata[name] = new TypedData { String = value?.ToString() ?? "" };
        if (context.Request.QueryString.HasValue) AddQuery(context, request);
        return request;
    }

    public static RpcTraceContext Trace(Activity? activity) =>
        activity is { IdFormat: ActivityIdFormat.W3C, Id: { } id }
            ? new RpcTraceContext { TraceParent = id, TraceState = activity.TraceStateString ?? "" }
            : NoTrace;

    private static void AddQuery(HttpContext context, InvocationRequest request)
    {
        foreach (var (name, value) in context.Request.Query)
            if (!request.TriggerMetadata.ContainsKey(name)) request.TriggerMetadata[name] = new TypedData { String = value.ToString() };
    }
}
