namespace Serverless.Gateway.Batches.Validation;

/// <summary>Tells files that cannot be JSON Lines by their first bytes, so that they get one clear error instead of one for each line.</summary>
internal static class FileHead
{
    /// <summary>What the file is, or null when it may be text.</summary>
    public static string? NameOf(ReadOnlySpan<byte> head) => head switch
    {
        [(byte)'P', (byte)'K', 3 or 5 or 7, _, ..] => "a ZIP archive",
        [0x1f, 0x8b, ..] => "compressed with gzip",
        [0x28, 0xb5, 0x2f, 0xfd, ..] => "compressed with Zstandard",
        [0xff, 0xfe, ..] or [0xfe, 0xff, ..] => "UTF-16 text",
        [(byte)'P', (byte)'A', (byte)'R', (byte)'1', ..] => "a Parquet file",
        _ => null,
    };

    /// <summary>Length of UTF-8's byte order mark if there is one.</summary>
    public static int ByteOrderMarkLength(ReadOnlySpan<byte> head) => head is [0xef, 0xbb, 0xbf, ..] ? 3 : 0;
}
