using System.Globalization;

namespace Serverless.Contracts.Jobs;

/// <summary>
/// What a segment holds; lies in the blob's metadata, so that it is sealed in the same Put Blob and read by a list. The blob's content is
/// the output lines followed by the error lines, each ended by a line feed and in input order.
/// </summary>
/// <param name="First">Number of its first request in the batch.</param>
/// <param name="Lines">Requests that it answers; <see cref="Completed"/> + <see cref="Failed"/>.</param>
/// <param name="Completed">Lines in the output part.</param>
/// <param name="Failed">Lines in the error part.</param>
/// <param name="OutputBytes">Bytes of the output part.</param>
/// <param name="ErrorBytes">Bytes of the error part.</param>
/// <param name="NextOffset">Where the next request's line begins in the input blob, in bytes; the shard's end after its last.</param>
/// <param name="RunMilliseconds">How long a worker worked on these lines; teaches the gateway how large shards should be.</param>
/// <param name="InputTokens">Tokens read, as the answers' <c>usage</c> says.</param>
/// <param name="OutputTokens">Tokens written.</param>
public sealed record SegmentInfo(
    int First,
    int Lines,
    int Completed,
    int Failed,
    long OutputBytes,
    long ErrorBytes,
    long NextOffset,
    long RunMilliseconds,
    long InputTokens = 0,
    long OutputTokens = 0)
{
    /// <summary>Number of the request after the last.</summary>
    public int End => First + Lines;

    /// <summary>As blob metadata.</summary>
    public Dictionary<string, string> ToMetadata() => new()
    {
        ["first"] = Text(First),
        ["lines"] = Text(Lines),
        ["completed"] = Text(Completed),
        ["failed"] = Text(Failed),
        ["outputbytes"] = Text(OutputBytes),
        ["errorbytes"] = Text(ErrorBytes),
        ["nextoffset"] = Text(NextOffset),
        ["runms"] = Text(RunMilliseconds),
        ["inputtokens"] = Text(InputTokens),
        ["outputtokens"] = Text(OutputTokens),
    };

    /// <summary>From blob metadata.</summary>
    /// <exception cref="FormatException">A value is missing or no number: the blob is not a segment.</exception>
    public static SegmentInfo FromMetadata(IDictionary<string, string> metadata)
    {
        long Value(string key) =>
            metadata.TryGetValue(key, out var text)
            && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value)
                ? value
                : throw new FormatException($"The blob is not a segment: its metadata has no number '{key}'.");
        return new SegmentInfo(
            (int)Value("first"),
            (int)Value("lines"),
            (int)Value("completed"),
            (int)Value("failed"),
            Value("outputbytes"),
            Value("errorbytes"),
            Value("nextoffset"),
            Value("runms"),
            Value("inputtokens"),
            Value("outputtokens"));
    }

    private static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);
}
