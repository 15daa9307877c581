using System.Collections.Concurrent;
using System.Text.RegularExpressions;

namespace Serverless.Benchmarks.Batch;

/// <summary>Counts what the storage account is asked, by the access log of its emulator: blobs, tables and queues, polls of queues apart.</summary>
internal sealed partial class StorageRequests
{
    public const string Blobs = "blob";
    public const string Tables = "table";
    public const string Queues = "queue";
    public const string Polls = "poll";

    private readonly ConcurrentDictionary<string, long> _counts = [];

    /// <summary>Takes a line that a service wrote; what is no request is passed over.</summary>
    public void Read(string service, string line)
    {
        if (service == "azurite" && Request().Match(line) is { Success: true } request)
            _counts.AddOrUpdate(KindOf(request.Groups[1].Value, request.Groups[2].Value), 1, (_, count) => count + 1);
    }

    /// <summary>The counts so far.</summary>
    public Dictionary<string, long> Snapshot() => new(_counts);

    /// <summary>Rows are named in parentheses, messages below their queue; everything else is a blob or a container.</summary>
    private static string KindOf(string method, string path)
    {
        if (path.Contains('(', StringComparison.Ordinal) || path.Contains("/$batch", StringComparison.Ordinal))
            return Tables;
        if (!path.Contains("/messages", StringComparison.Ordinal))
            return Blobs;
        return method == "GET" ? Polls : Queues;
    }

    [GeneratedRegex("""\A\S+ - \S+ \[[^\]]*\] "([A-Z]+) (\S+) HTTP""", RegexOptions.CultureInvariant)]
    private static partial Regex Request();
}
