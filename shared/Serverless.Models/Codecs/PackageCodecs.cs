namespace Serverless.Models.Codecs;

/// <summary>How stored bytes become the bytes they stand for; <c>docs/model-package.md</c> defines each.</summary>
public static class PackageCodecs
{
    /// <summary>As they are.</summary>
    public const string Store = "store";

    /// <summary>One Zstandard frame.</summary>
    public const string Zstd = "zstd";

    /// <summary>Two-byte elements grouped by byte plane, then Zstandard.</summary>
    public const string ShuffleZstd2 = "shuffle2-zstd";

    /// <summary>Four-byte elements grouped by byte plane, then Zstandard.</summary>
    public const string ShuffleZstd4 = "shuffle4-zstd";

    /// <summary>Four-byte elements grouped by byte plane, the upper bytes packed into half bytes.</summary>
    public const string ShuffleNibble4 = "shuffle4-nibble";

    /// <summary>Lossy: floats at half precision, widened to fp32 on arrival.</summary>
    public const string Fp16 = "fp16";

    /// <summary>Lossy: the upper halves of floats, widened to fp32 on arrival. Coarser than <see cref="Fp16"/>, with the range of floats.</summary>
    public const string Bf16 = "bf16";

    /// <summary>Lossy: floats as int8 in blocks of 32 that share a half-precision scale, widened to fp32 on arrival.</summary>
    public const string Int8Block = "int8-block";

    /// <summary>Every codec.</summary>
    public static IReadOnlyList<string> All { get; } = [Store, Zstd, ShuffleZstd2, ShuffleZstd4, ShuffleNibble4, Fp16, Bf16, Int8Block];

    /// <summary>Whether what is decoded may differ from what was encoded.</summary>
    public static bool IsLossy(string codec) => codec is Fp16 or Bf16 or Int8Block;
}
