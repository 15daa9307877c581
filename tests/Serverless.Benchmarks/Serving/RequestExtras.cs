using System.Globalization;

namespace Serverless.Benchmarks.Serving;

/// <summary>On what terms a request waits, and whose it is.</summary>
/// <param name="More">Header lines, each with its line end.</param>
/// <param name="TimeoutMs">How long the answer is worth waiting for; 0 says nothing.</param>
internal sealed record RequestExtras(string More = "", double TimeoutMs = 0)
{
    /// <summary>All of it as lines of the request's header.</summary>
    public string Headers => TimeoutMs > 0
        ? string.Create(CultureInfo.InvariantCulture, $"{More}X-Request-Timeout: {TimeoutMs / 1000:0.###}\r\n")
        : More;
}
