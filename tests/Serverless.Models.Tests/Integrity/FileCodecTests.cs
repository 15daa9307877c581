using System.Security.Cryptography;
using Serverless.Models.Integrity;
using Serverless.Models.Manifest;

namespace Serverless.Models.Tests.Integrity;

public sealed class FileCodecTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    // Sizes around the codec's and our own blocks, contents from incompressible to constant; the seed is the case, so a failure repeats.
    public static TheoryData<int, int> RandomFiles()
    {
        var cases = new TheoryData<int, int>();
        int[] sizes = [0, 1, 2, 255, 4096, 65_535, 131_072, 131_073, (1 << 20) - 1, 1 << 20, (1 << 20) + 1, 3_000_000];
        for (var seed = 0; seed < sizes.Length * 3; seed++)
            cases.Add(seed, sizes[seed % sizes.Length]);
        return cases;
    }

    [Theory]
    [MemberData(nameof(RandomFiles))]
    public async Task EncodeDecode_AnyBytes_RoundTrips(int seed, int size)
    {
        var original = RandomBytes(seed, size);
        var (file, stored) = await EncodeAsync(original);

        var decoded = await DecodeAsync(file, stored);

        Assert.Equal(original, decoded);
        Assert.Equal(size, file.Size);
    }

    [Theory]
    [MemberData(nameof(RandomFiles))]
    public async Task Decode_FlippedBit_IsRefusedNamingTheFile(int seed, int size)
    {
        var (file, stored) = await EncodeAsync(RandomBytes(seed, size));
        var random = new Random(seed);
        for (var attempt = 0; attempt < 8; attempt++)
        {
            var damaged = stored.ToArray();
            damaged[random.Next(damaged.Length)] ^= (byte)(1 << random.Next(8));

            // A bit of the frame's header may be without meaning: then nothing is damaged, and the bytes must be the true ones.
            try
            {
                Assert.Equal(file.Sha256, Convert.ToHexStringLower(SHA256.HashData(await DecodeAsync(file, damaged))));
            }
            catch (ModelIntegrityException error)
            {
                Assert.Contains("'f.bin'", error.Message, StringComparison.Ordinal);
            }
        }
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(0.1)]
    [InlineData(0.5)]
    [InlineData(0.99)]
    public async Task Decode_Truncated_IsRefused(double kept)
    {
        var (file, stored) = await EncodeAsync(RandomBytes(7, 300_000));

        var error = await Assert.ThrowsAsync<ModelIntegrityException>(() => DecodeAsync(file, stored[..(int)(stored.Length * kept)]));

        Assert.Contains(file.Sha256, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Decode_OtherContent_NamesExpectedAndActualHash()
    {
        var (file, _) = await EncodeAsync(RandomBytes(1, 1000));
        var (other, stored) = await EncodeAsync(RandomBytes(2, 1000));

        var error = await Assert.ThrowsAsync<ModelIntegrityException>(() => DecodeAsync(file, stored));

        Assert.Contains(file.Sha256, error.Message, StringComparison.Ordinal);
        Assert.Contains(other.Sha256, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Decode_DecompressionBomb_StopsAtTheDeclaredSize()
    {
        // 256 MiB of zeros are a few kilobytes of zstd.
        var (bomb, stored) = await EncodeAsync(new byte[256 << 20]);
        var target = new MemoryStream();

        var error = await Assert.ThrowsAsync<ModelIntegrityException>(
            () => FileDecoder.DecodeAsync(bomb with { Size = 1000 }, new MemoryStream(stored), target, Token));

        Assert.Contains("1000 bytes", error.Message, StringComparison.Ordinal);
        Assert.True(target.Length <= 1000, $"{target.Length} bytes were written");
    }

    [Fact]
    public async Task Decode_FewerBytesThanDeclared_IsRefused()
    {
        var (file, stored) = await EncodeAsync(RandomBytes(3, 1000));

        await Assert.ThrowsAsync<ModelIntegrityException>(() => DecodeAsync(file with { Size = 999 }, stored));
    }

    private static byte[] RandomBytes(int seed, int size)
    {
        var random = new Random(seed);
        var bytes = new byte[size];
        if (seed % 3 == 0)
            random.NextBytes(bytes);
        else if (seed % 3 == 1)
            Array.Fill(bytes, (byte)seed);
        else
            for (var i = 0; i < size; i++)
                bytes[i] = (byte)(random.Next(4) * (i % 7));
        return bytes;
    }

    private static async Task<(ModelFile File, byte[] Stored)> EncodeAsync(byte[] content)
    {
        var stored = new MemoryStream();
        var (size, sha256) = await FileEncoder.EncodeAsync(new MemoryStream(content), stored, null, Token);
        var file = new ModelFile { Path = "f.bin", Size = size, Sha256 = sha256, Codec = FileCodecs.Zstd, StoredSize = stored.Length };
        return (file, stored.ToArray());
    }

    private static async Task<byte[]> DecodeAsync(ModelFile file, byte[] stored)
    {
        var target = new MemoryStream();
        await FileDecoder.DecodeAsync(file, new MemoryStream(stored), target, Token);
        return target.ToArray();
    }
}
