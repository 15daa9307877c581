using Microsoft.Extensions.Time.Testing;
using Serverless.Models.Codecs;

namespace Serverless.Models.Tests.Codecs;

public sealed class ContentEncoderTests
{
    // A clock that stands still: decoding takes no time, so that size alone decides.
    private readonly FakeTimeProvider _time = new();

    [Theory]
    [InlineData("floats", 4, PackageCodecs.ShuffleZstd4)]
    [InlineData("floats", 1, PackageCodecs.Zstd)]
    [InlineData("noise", 4, PackageCodecs.Store)]
    [InlineData("zeros", 8, PackageCodecs.Zstd)]
    public void EncodeChunk_Lossless_TakesWhatIsThereFirst(string content, int elementSize, string expected)
    {
        var bytes = Content(content);

        var encoded = Encode(new CodecPolicy(), bytes, elementSize, mayLose: true);

        Assert.Equal(expected, encoded.Codec);
        Assert.Equal((bytes.Length, EncodedContent.Hash(bytes), null), (encoded.Size, encoded.Sha256, encoded.Error));
        Assert.Equal(EncodedContent.Hash(encoded.Stored), encoded.StoredSha256);
    }

    [Fact]
    public void EncodeChunk_BusyMachine_ComparesLinkAndDecoderAllTheSame()
    {
        // Each look at the clock takes a second, as on a machine that is busy; such a decoder counts as half of what it can do at best.
        _time.AutoAdvanceAmount = TimeSpan.FromSeconds(1);

        Assert.Equal(
            PackageCodecs.Store, Encode(new CodecPolicy { LinkMegabytesPerSecond = 5000 }, Content("zeros"), 4, mayLose: false).Codec);
        Assert.Equal(
            PackageCodecs.ShuffleNibble4, Encode(new CodecPolicy { LinkMegabytesPerSecond = 100 }, Content("floats"), 4, mayLose: false).Codec);
        Assert.Equal(
            PackageCodecs.ShuffleZstd4, Encode(new CodecPolicy { LinkMegabytesPerSecond = 10 }, Content("floats"), 4, mayLose: false).Codec);
    }

    [Theory]
    [InlineData(LossyCodec.Fp16, true, PackageCodecs.Fp16)]
    [InlineData(LossyCodec.Bf16, true, PackageCodecs.Bf16)]
    [InlineData(LossyCodec.Int8Block, true, PackageCodecs.Int8Block)]
    [InlineData(LossyCodec.Int8Block, false, PackageCodecs.ShuffleZstd4)]
    public void EncodeChunk_Lossy_OnlyWhereItMay(LossyCodec lossy, bool mayLose, string expected)
    {
        var bytes = Content("floats");

        var encoded = Encode(new CodecPolicy { Lossy = lossy }, bytes, 4, mayLose);

        Assert.Equal(expected, encoded.Codec);
        var decoded = new byte[bytes.Length];
        ContentCodecs.Get(encoded.Codec).Decode(encoded.Stored, decoded);
        Assert.Equal(EncodedContent.Hash(decoded), encoded.Sha256);
        Assert.Equal(mayLose, encoded.Error is { Max: > 0, Mean: > 0 } error && error.Mean < error.Max);
    }

    private EncodedContent Encode(CodecPolicy policy, byte[] bytes, int elementSize, bool mayLose) =>
        new ContentEncoder(policy, _time).EncodeChunk(bytes, elementSize, mayLose, EncodedContent.Hash(bytes));

    private static byte[] Content(string kind)
    {
        var bytes = kind == "floats" ? Floats.Bytes(1, 200_000) : new byte[800_000];
        if (kind == "noise")
            new Random(1).NextBytes(bytes);
        return bytes;
    }
}
