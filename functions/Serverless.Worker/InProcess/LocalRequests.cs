using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Http.Features;
using Serverless.Contracts.Errors;

namespace Serverless.Worker.InProcess;

/// <summary>
/// Takes requests from queues and files to this worker's own endpoints, without a connection: whatever an endpoint reads, checks, runs and
/// writes is the same, and so is its answer, byte for byte.
/// </summary>
internal sealed class LocalRequests(IServiceProvider services)
{
    // Looked for once: every line of a batch asks.
    private readonly Lazy<HashSet<string?>> _paths = new(() =>
        [.. services.GetRequiredService<IEnumerable<EndpointDataSource>>()
            .SelectMany(source => source.Endpoints).OfType<RouteEndpoint>().Select(endpoint => endpoint.RoutePattern.RawText)]);

    private readonly TaskCompletionSource<RequestDelegate> _pipeline = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Whether a POST to <paramref name="path"/> has an endpoint.</summary>
    public bool Serves(string path) =>
        path.StartsWith("/v2/models/", StringComparison.Ordinal) || _paths.Value.Contains(path);

    /// <summary>Tells which pipeline to use; everything behind this middleware.</summary>
    public RequestDelegate Attach(RequestDelegate pipeline)
    {
        _pipeline.TrySetResult(pipeline);
        return pipeline;
    }

    /// <summary>Posts JSON.</summary>
    /// <param name="path">The endpoint's path.</param>
    /// <param name="body">The request's body; not to be changed until the answer is there.</param>
    /// <param name="headers">Headers besides the content type.</param>
    /// <param name="cancellationToken">The caller left.</param>
    /// <exception cref="OperationCanceledException">It did.</exception>
    public async Task<LocalAnswer> PostAsync(
        string path, ReadOnlyMemory<byte> body, IReadOnlyDictionary<string, string> headers, CancellationToken cancellationToken)
    {
        var pipeline = await _pipeline.Task.WaitAsync(cancellationToken);
        using var output = new MemoryStream();
        var response = new LocalResponse(output, cancellationToken);
        var sink = new StreamResponseBodyFeature(output);
        var context = Create(path, body, headers, response, sink);
        await pipeline(context);
        await sink.CompleteAsync();
        cancellationToken.ThrowIfCancellationRequested();
        if (response.IsAborted)
        {
            var error = new InferenceError(ErrorKind.Internal, "The answer was broken off; the worker's log has the reason.");
            return new LocalAnswer(error.Status, ErrorBody.ToUtf8(error, ErrorBody.ProtocolOf(path)));
        }

        return new LocalAnswer(context.Response.StatusCode, output.GetBuffer().AsMemory(0, (int)output.Length), RetryAfter(context.Response));
    }

    private DefaultHttpContext Create(
        string path,
        ReadOnlyMemory<byte> body,
        IReadOnlyDictionary<string, string> headers,
        LocalResponse response,
        StreamResponseBodyFeature sink)
    {
        var features = new FeatureCollection();
        features.Set<IHttpRequestFeature>(new HttpRequestFeature { Method = HttpMethods.Post, Path = path, Protocol = "HTTP/1.1", Scheme = "http" });
        features.Set<IRequestBodyPipeFeature>(new LocalBody(PipeReader.Create(new ReadOnlySequence<byte>(body))));
        features.Set<IHttpResponseFeature>(response);
        features.Set<IHttpRequestLifetimeFeature>(response);
        features.Set<IHttpResponseBodyFeature>(sink);
        // By which endpoints know that no client reads along.
        features.Set(response);
        var context = new DefaultHttpContext(features) { RequestServices = services };
        context.Request.ContentType = "application/json";
        context.Request.ContentLength = body.Length;
        foreach (var (name, value) in headers)
            context.Request.Headers[name] = value;
        return context;
    }

    private static TimeSpan? RetryAfter(HttpResponse response) =>
        int.TryParse(response.Headers.RetryAfter.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            ? TimeSpan.FromSeconds(seconds)
            : null;

    private sealed class LocalBody(PipeReader reader) : IRequestBodyPipeFeature
    {
        public PipeReader Reader => reader;
    }
}
