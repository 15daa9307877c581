namespace Serverless.Benchmarks.Serving;

/// <summary>How a caller says on what terms a request waits, as its lines of a request's header.</summary>
internal static class TermHeaders
{
    public const string Interactive = "X-Inference-Priority: interactive\r\n";

    public const string Batch = "X-Inference-Priority: batch\r\n";

    public static string Tenant(string name) => $"X-Inference-Tenant: {name}\r\n";
}
