namespace Serverless.FunctionsHost.Worker;

/// <summary>Where clients reach this host, as far as it is known before it listens.</summary>
internal sealed record PublicAddress(string Urls)
{
    public const string Default = "http://127.0.0.1:7071";

    /// <summary>host:port of the first URL, for the worker's WEBSITE_HOSTNAME.</summary>
    public string HostName { get; } =
        Uri.TryCreate(Urls.Split(';')[0].Replace("*", "localhost", StringComparison.Ordinal), UriKind.Absolute, out var uri)
            ? uri.Authority
            : "localhost";
}
