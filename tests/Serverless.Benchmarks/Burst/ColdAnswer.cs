using System.Globalization;

namespace Serverless.Benchmarks.Burst;

/// <summary>A first answer.</summary>
/// <param name="Listening">From before the process existed until it took a connection.</param>
/// <param name="Answered">Until the answer's last byte was there.</param>
/// <param name="Timing">What the answer's <c>Server-Timing</c> says: durations in milliseconds, and numbers in descriptions.</param>
internal sealed record ColdAnswer(TimeSpan Listening, TimeSpan Answered, IReadOnlyDictionary<string, double> Timing)
{
    private const string Header = "\r\nServer-Timing: ";

    /// <summary>What all threads of the process took until then, to a hundredth of a second.</summary>
    public TimeSpan Processor { get; init; }

    /// <summary>Whether the model came from the local cache.</summary>
    public bool IsCached => Timing.GetValueOrDefault("cached") > 0;

    public static ColdAnswer Parse(string answer, TimeSpan listening, TimeSpan answered)
    {
        if (!answer.StartsWith("HTTP/1.1 200", StringComparison.Ordinal) || !answer.Contains("\"embedding\"", StringComparison.Ordinal))
            throw new InvalidRunException($"answered '{answer[..Math.Min(answer.Length, 500)]}'.");
        var start = answer.IndexOf(Header, StringComparison.OrdinalIgnoreCase);
        var timing = start < 0 ? "" : answer[(start + Header.Length)..answer.IndexOf('\r', start + 2)];
        return new ColdAnswer(listening, answered, Read(timing));
    }

    private static Dictionary<string, double> Read(string timing) =>
        timing.Split(", ", StringSplitOptions.RemoveEmptyEntries).Select(entry => entry.Split(';'))
            .ToDictionary(parts => parts[0], parts => double.Parse(parts[1].Split('=')[1].Trim('"'), CultureInfo.InvariantCulture));
}
