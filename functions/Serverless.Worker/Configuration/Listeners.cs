namespace Serverless.Worker.Configuration;

/// <summary>
/// Where Kestrel listens. gRPC has a port of its own: without TLS a connection cannot negotiate whether it speaks HTTP/1 or HTTP/2.
/// </summary>
internal static class Listeners
{
    /// <summary>The name of the address of gRPC.</summary>
    public const string Grpc = "Grpc";

    /// <summary>The name of the address of <c>/metrics</c>.</summary>
    public const string Metrics = "Metrics";

    /// <summary>Kestrel's configuration; the address of requests over HTTP comes first.</summary>
    public static IConfiguration Of(WorkerOptions options)
    {
        var settings = new Dictionary<string, string?>
        {
            ["Endpoints:Api:Url"] = options.Url,
            ["Endpoints:Api:Protocols"] = "Http1",
            [$"Endpoints:{Metrics}:Url"] = options.MetricsUrl,
            [$"Endpoints:{Metrics}:Protocols"] = "Http1",
        };
        if (options.GrpcUrl.Length > 0)
        {
            settings[$"Endpoints:{Grpc}:Url"] = options.GrpcUrl;
            settings[$"Endpoints:{Grpc}:Protocols"] = "Http2";
        }

        return new ConfigurationBuilder().AddInMemoryCollection(settings).Build();
    }
}
