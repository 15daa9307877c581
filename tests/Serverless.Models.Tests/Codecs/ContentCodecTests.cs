using System.Runtime.InteropServices;
using Serverless.Models.Codecs;

namespace Serverless.Models.Tests.Codecs;

public sealed class ContentCodecTests
{
    private static readonly string[] Lossless =
        [PackageCodecs.Store, PackageCodecs.Zstd, PackageCodecs.ShuffleZstd2, PackageCodecs.ShuffleZstd4, PackageCodecs.ShuffleNibble4];

    // Sizes around the codecs' own blocks, contents from incompressible to constant.
    public static TheoryData<string, int, int> LosslessCases()
    {
        var data = new TheoryData<string, int, int>();
        int[] sizes = [0, 1, 3, 64, 65_536, 131_073, 262_144, 524_287, 524_288, 524_289, 1_300_001];
        foreach (var codec in Lossless)
        {
            for (var i = 0; i < sizes.Length; i++)
                data.Add(codec, i, sizes[i]);
        }

        return data;
    }

    public static TheoryData<string> All => [.. PackageCodecs.All];

    [Theory]
    [MemberData(nameof(LosslessCases))]
    public void EncodeDecode_Lossless_GivesBackEveryBit(string codec, int seed, int size)
    {
        foreach (var original in Enumerable.Range(seed, 3).Select(kind => RandomBytes(kind, size)).Append(FloatBytes(seed, size)))
        {
            var encoded = ContentCodecs.Get(codec).Encode(original);
            var decoded = new byte[size];
            ContentCodecs.Get(codec).Decode(encoded, decoded);
            Assert.Equal(original, decoded);
        }
    }

    // Random bytes make most of a block exceptions, so that it is larger stored than decoded: those are as long as there is room for them.
    [Theory]
    [InlineData(PackageCodecs.ShuffleNibble4, 4)]
    [InlineData(PackageCodecs.ShuffleNibble4, 131_072)]
    [InlineData(PackageCodecs.ShuffleNibble4, 131_076)]
    [InlineData(PackageCodecs.ShuffleNibble4, 1_300_004)]
    [InlineData(PackageCodecs.Fp16, 4)]
    [InlineData(PackageCodecs.Fp16, 8_192)]
    [InlineData(PackageCodecs.Fp16, 1_300_004)]
    [InlineData(PackageCodecs.Bf16, 4)]
    [InlineData(PackageCodecs.Bf16, 64)]
    [InlineData(PackageCodecs.Bf16, 1_300_004)]
    [InlineData(PackageCodecs.Int8Block, 128)]
    [InlineData(PackageCodecs.Int8Block, 1_300_004)]
    public void Decode_StoredBytesAtTheDestinationsEnd_GivesTheSame(string name, int size)
    {
        var codec = ContentCodecs.Get(name);
        var noise = size / 32 * 4;
        foreach (var source in new[] { FloatBytes(1, size), [.. FloatBytes(2, size - noise), .. RandomBytes(3, noise)] })
        {
            var encoded = codec.Encode(source);
            if (encoded is null || encoded.Length > size)
                continue;
            var apart = new byte[size];
            codec.Decode(encoded, apart);

            var inPlace = new byte[size];
            encoded.CopyTo(inPlace, size - encoded.Length);
            codec.Decode(inPlace.AsSpan(size - encoded.Length), inPlace);

            Assert.True(codec.DecodesInPlace);
            Assert.Equal(apart, inPlace);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(31)]
    [InlineData(32)]
    [InlineData(33)]
    [InlineData(100_001)]
    public void EncodeDecode_Fp16_StaysWithinHalfPrecision(int count)
    {
        var (original, decoded, encoded) = RoundTrip(PackageCodecs.Fp16, count, 1f);

        Assert.Equal(count * 2, encoded.Length);
        for (var i = 0; i < count; i++)
        {
            var bound = Math.Max(Math.Abs(original[i]) / 2048, 3e-8f);
            Assert.True(Math.Abs(original[i] - decoded[i]) <= bound, $"{original[i]} became {decoded[i]}");
        }
    }

    [Theory]
    [InlineData(0, 1f)]
    [InlineData(1, 1f)]
    [InlineData(31, 1e30f)]
    [InlineData(33, 1e-30f)]
    [InlineData(100_001, 1f)]
    public void EncodeDecode_Bf16_StaysWithinEightBits(int count, float factor)
    {
        var (original, decoded, encoded) = RoundTrip(PackageCodecs.Bf16, count, factor);

        Assert.Equal(count * 2, encoded.Length);
        for (var i = 0; i < count; i++)
            Assert.True(Math.Abs(original[i] - decoded[i]) <= Math.Abs(original[i]) / 256, $"{original[i]} became {decoded[i]}");
    }

    [Theory]
    [InlineData(1.00390625f, 1f)]
    [InlineData(1.01171875f, 1.015625f)]
    [InlineData(-3.4028235e38f, -3.3895314e38f)]
    [InlineData(-0.0f, -0.0f)]
    public void EncodeDecode_Bf16_RoundsToEvenAndStaysFinite(float value, float expected)
    {
        var decoded = new byte[4];

        ContentCodecs.Get(PackageCodecs.Bf16).Decode(ContentCodecs.Get(PackageCodecs.Bf16).Encode(BitConverter.GetBytes(value)), decoded);

        Assert.Equal(BitConverter.GetBytes(expected), decoded);
    }

    [Theory]
    [InlineData(0, 1f)]
    [InlineData(1, 1f)]
    [InlineData(31, 1f)]
    [InlineData(32, 1e-6f)]
    [InlineData(33, 1e6f)]
    [InlineData(100_001, 1f)]
    public void EncodeDecode_Int8Block_StaysWithinHalfAStepOfItsBlock(int count, float factor)
    {
        var (original, decoded, encoded) = RoundTrip(PackageCodecs.Int8Block, count, factor);

        Assert.Equal(count + ((count + 31) / 32 * 2), encoded.Length);
        for (var i = 0; i < count; i++)
        {
            var block = original.AsSpan(i / 32 * 32, Math.Min(32, count - (i / 32 * 32)));
            var largest = Math.Max(Math.Abs(System.Numerics.Tensors.TensorPrimitives.MaxMagnitude(block)), float.Epsilon);
            // A step is the largest value over 127, as a half: 2^-11 coarser at most, and never finer than the smallest half.
            var step = Math.Max(largest / 127 * (1 + (1f / 1024)), 6e-8f);
            Assert.True(Math.Abs(original[i] - decoded[i]) <= step * 0.501f, $"{original[i]} became {decoded[i]} with steps of {step}");
        }
    }

    [Theory]
    [InlineData(PackageCodecs.Fp16, float.NaN)]
    [InlineData(PackageCodecs.Fp16, float.PositiveInfinity)]
    [InlineData(PackageCodecs.Fp16, -3.4e38f)]
    [InlineData(PackageCodecs.Bf16, float.NaN)]
    [InlineData(PackageCodecs.Bf16, float.NegativeInfinity)]
    [InlineData(PackageCodecs.Int8Block, float.NaN)]
    [InlineData(PackageCodecs.Int8Block, float.NegativeInfinity)]
    [InlineData(PackageCodecs.Int8Block, 3.4e38f)]
    public void Encode_LossyWithValueOutOfRange_DoesNotApply(string codec, float value)
    {
        var floats = new float[70];
        floats[67] = value;

        Assert.Null(ContentCodecs.Get(codec).Encode(MemoryMarshal.AsBytes(floats.AsSpan())));
    }

    [Theory]
    [InlineData(PackageCodecs.Fp16)]
    [InlineData(PackageCodecs.Bf16)]
    [InlineData(PackageCodecs.Int8Block)]
    public void Encode_LossyOfNoWholeFloats_DoesNotApply(string codec) =>
        Assert.Null(ContentCodecs.Get(codec).Encode(new byte[7]));

    [Theory]
    [MemberData(nameof(All))]
    public void Decode_OtherSizeThanDeclared_IsRefused(string codec)
    {
        var encoded = ContentCodecs.Get(codec).Encode(FloatBytes(1, 4096))!;

        Assert.Throws<InvalidDataException>(() => ContentCodecs.Get(codec).Decode(encoded, new byte[4092]));
        Assert.Throws<InvalidDataException>(() => ContentCodecs.Get(codec).Decode(encoded, new byte[4100]));
        Assert.Throws<InvalidDataException>(() => ContentCodecs.Get(codec).Decode(encoded.AsSpan(0, encoded.Length - 1), new byte[4096]));
    }

    [Theory]
    [InlineData(PackageCodecs.Zstd)]
    [InlineData(PackageCodecs.ShuffleZstd2)]
    [InlineData(PackageCodecs.ShuffleZstd4)]
    [InlineData(PackageCodecs.ShuffleNibble4)]
    public void Decode_Bomb_NeverWritesBeyondTheDestination(string codec)
    {
        // 16 MiB of zeros are about a kilobyte of Zstandard.
        var bomb = ContentCodecs.Get(codec).Encode(new byte[16 << 20])!;
        var memory = new byte[3000];
        memory.AsSpan().Fill(7);

        Assert.Throws<InvalidDataException>(() => ContentCodecs.Get(codec).Decode(bomb, memory.AsSpan(1000, 1000)));

        Assert.True(memory.AsSpan(0, 1000).IndexOfAnyExcept((byte)7) < 0 && memory.AsSpan(2000).IndexOfAnyExcept((byte)7) < 0);
    }

    [Theory]
    [InlineData(PackageCodecs.Zstd)]
    [InlineData(PackageCodecs.ShuffleZstd2)]
    [InlineData(PackageCodecs.ShuffleZstd4)]
    [InlineData(PackageCodecs.ShuffleNibble4)]
    public void Decode_Noise_IsRefusedOrStaysWithinTheDestination(string codec)
    {
        var random = new Random(11);
        var valid = ContentCodecs.Get(codec).Encode(FloatBytes(3, 600_000))!;
        var memory = new byte[600_000 + 64];
        for (var attempt = 0; attempt < 200; attempt++)
        {
            var damaged = valid.ToArray();
            for (var flips = random.Next(1, 9); flips > 0; flips--)
                damaged[attempt % 2 == 0 ? random.Next(damaged.Length) : random.Next(64)] ^= (byte)(1 << random.Next(8));
            memory.AsSpan(600_000).Fill(7);
            try
            {
                ContentCodecs.Get(codec).Decode(damaged, memory.AsSpan(0, 600_000));
            }
            catch (InvalidDataException)
            {
                // Most damage is seen here already; all of it is by the hash, which is checked before.
            }

            Assert.True(memory.AsSpan(600_000).IndexOfAnyExcept((byte)7) < 0);
        }
    }

    [Fact]
    public void EncodeDecode_ShuffleNibbleOfAllUpperBytes_GivesThemBackAsExceptions()
    {
        // Every upper byte is as frequent as any other, in a block and a half: 16 have a code, 240 are exceptions.
        var original = new byte[200_002];
        for (var i = 0; i < original.Length; i++)
            original[i] = (byte)(i / 4);
        var encoded = ContentCodecs.Get(PackageCodecs.ShuffleNibble4).Encode(original)!;
        var decoded = new byte[original.Length];

        ContentCodecs.Get(PackageCodecs.ShuffleNibble4).Decode(encoded, decoded);

        Assert.Equal(original, decoded);
    }

    [Fact]
    public void Get_UnknownCodec_NamesThoseKnown()
    {
        var error = Assert.Throws<ArgumentException>(() => ContentCodecs.Get("lzma"));

        Assert.Contains(PackageCodecs.Int8Block, error.Message, StringComparison.Ordinal);
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

    private static byte[] FloatBytes(int seed, int size) => Floats.Bytes(seed, (size + 3) / 4)[..size];

    private static (float[] Original, float[] Decoded, byte[] Encoded) RoundTrip(string codec, int count, float factor)
    {
        var original = MemoryMarshal.Cast<byte, float>(Floats.Bytes(count, count)).ToArray();
        for (var i = 0; i < count; i++)
            original[i] *= factor;
        var encoded = ContentCodecs.Get(codec).Encode(MemoryMarshal.AsBytes(original.AsSpan()))!;
        var decoded = new float[count];
        ContentCodecs.Get(codec).Decode(encoded, MemoryMarshal.AsBytes(decoded.AsSpan()));
        return (original, decoded, encoded);
    }
}
