namespace Serverless.Models.Manifest;

/// <summary>How the bytes of a file are stored.</summary>
public static class FileCodecs
{
    /// <summary>One Zstandard frame.</summary>
    public const string Zstd = "zstd";

    /// <summary>As they are: compression would not have made them smaller.</summary>
    public const string Store = "store";
}
