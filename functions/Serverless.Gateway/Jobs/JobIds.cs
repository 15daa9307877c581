using System.Globalization;
using System.Security.Cryptography;
using System.Text.RegularExpressions;

namespace Serverless.Gateway.Jobs;

/// <summary>Ids of files and batches: the time counted backwards, so that a partition lists the newest first, and 64 random bits.</summary>
internal sealed partial class JobIds(TimeProvider time)
{
    public const string FilePrefix = "file-";
    public const string BatchPrefix = "batch_";

    // Milliseconds fit into 12 hexadecimal digits until the year 10889.
    private const long LastMillisecond = (1L << 48) - 1;

    public string NewFile() => FilePrefix + New();

    public string NewBatch() => BatchPrefix + New();

    public static bool IsFile(string? id) => id is not null && id.StartsWith(FilePrefix, StringComparison.Ordinal) && Rest().IsMatch(id);

    public static bool IsBatch(string? id) => id is not null && id.StartsWith(BatchPrefix, StringComparison.Ordinal) && Rest().IsMatch(id);

    /// <summary>How long ago an id was made.</summary>
    public static TimeSpan AgeOf(string id, DateTimeOffset now)
    {
        var digits = id.AsSpan(id.LastIndexOfAny(['-', '_']) + 1, 12);
        var made = LastMillisecond - long.Parse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
        return now - DateTimeOffset.FromUnixTimeMilliseconds(made);
    }

    private string New() =>
        (LastMillisecond - time.GetUtcNow().ToUnixTimeMilliseconds()).ToString("x12", CultureInfo.InvariantCulture)
        + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));

    [GeneratedRegex(@"\A[a-z]+[-_][0-9a-f]{28}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Rest();
}
