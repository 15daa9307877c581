using System.Globalization;
using System.Text;
using Serverless.Worker.OpenInference;

namespace Serverless.Worker.Tests.Json;

/// <summary>What the scanner reads is held against the runtime's own parser, bit for bit.</summary>
public sealed class DecimalScannerTests
{
    private const int Seed = 20261;

    [Fact]
    public void TryScan_EveryKindOfFloat_IsTheNearestOne()
    {
        var random = new Random(Seed);
        for (var i = 0; i < 40_000; i++)
        {
            var value = BitConverter.Int32BitsToSingle(random.Next(int.MinValue, int.MaxValue));
            if (!float.IsFinite(value))
                continue;
            // As floats, as doubles of floats (what Python writes), with digits cut off or added, and with the point elsewhere.
            AssertSingle(value.ToString("R", CultureInfo.InvariantCulture));
            AssertSingle(((double)value).ToString("R", CultureInfo.InvariantCulture));
            AssertSingle(value.ToString("E" + random.Next(0, 25), CultureInfo.InvariantCulture));
            AssertSingle((value % 1000).ToString("F" + random.Next(0, 25), CultureInfo.InvariantCulture));
        }
    }

    // The hardest numbers: a midpoint between two floats, and its neighbours among decimals of the same length.
    [Fact]
    public void TryScan_MidpointsOfFloats_RoundAsTheParserDoes()
    {
        var random = new Random(Seed);
        for (var i = 0; i < 20_000; i++)
        {
            var value = BitConverter.Int32BitsToSingle(random.Next(0x3000_0000, 0x4f00_0000));
            var midpoint = ((double)value + MathF.BitIncrement(value)) / 2;
            foreach (var digits in new[] { 15, 16, 17, 18, 20 })
                AssertSingle(midpoint.ToString("E" + digits, CultureInfo.InvariantCulture));
        }
    }

    [Fact]
    public void TryScan_EveryKindOfDouble_IsTheNearestOne()
    {
        var random = new Random(Seed);
        for (var i = 0; i < 40_000; i++)
        {
            var value = BitConverter.Int64BitsToDouble(random.NextInt64(long.MinValue, long.MaxValue));
            if (!double.IsFinite(value))
                continue;
            AssertDouble(value.ToString("R", CultureInfo.InvariantCulture));
            AssertDouble(value.ToString("E" + random.Next(0, 30), CultureInfo.InvariantCulture));
            AssertDouble((random.NextDouble() * 1000).ToString("R", CultureInfo.InvariantCulture));
        }
    }

    [Theory]
    [InlineData("0", 0f)]
    [InlineData("-0", -0f)]
    [InlineData("-0.0e5", -0f)]
    [InlineData("1E5", 1e5f)]
    [InlineData("0.00000000000000000000000000000000000000000001", 1e-44f)]
    [InlineData("12345678901234567890123", 12345678901234567890123f)]
    [InlineData("3.4028235e38", float.MaxValue)]
    [InlineData("1e-400", 0f)]
    public void TryScan_Corner_IsRead(string text, float expected)
    {
        var bytes = Encoding.ASCII.GetBytes(text);
        var position = 0;

        Assert.True(JsonElements.Fp32.TryScan(bytes, ref position, out var value));
        Assert.Equal(bytes.Length, position);
        Assert.Equal(BitConverter.SingleToInt32Bits(expected), BitConverter.SingleToInt32Bits(value));
    }

    [Theory]
    [InlineData("")]
    [InlineData("-")]
    [InlineData("01")]
    [InlineData(".5")]
    [InlineData("1.")]
    [InlineData("1.e5")]
    [InlineData("1e")]
    [InlineData("1e+")]
    [InlineData("+1")]
    [InlineData("NaN")]
    [InlineData("Infinity")]
    [InlineData("1e39")]
    [InlineData("\"1\"")]
    public void TryScan_NoNumberOrTooLarge_IsLeftToTheReader(string text)
    {
        var position = 0;

        Assert.False(JsonElements.Fp32.TryScan(Encoding.ASCII.GetBytes(text), ref position, out _));
    }

    [Theory]
    [InlineData("127", true)]
    [InlineData("-128", true)]
    [InlineData("128", false)]
    [InlineData("-129", false)]
    [InlineData("00", false)]
    [InlineData("99999999999999999999", false)]
    public void TryScan_Whole_StaysInRange(string text, bool fits)
    {
        var position = 0;

        var read = JsonElements.Whole<sbyte>.TryScan(Encoding.ASCII.GetBytes(text), ref position, out var value);

        Assert.Equal(fits, read);
        if (fits)
            Assert.Equal(sbyte.Parse(text, CultureInfo.InvariantCulture), value);
    }

    private static void AssertSingle(string text)
    {
        var expected = float.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);
        foreach (var bytes in Texts(text))
        {
            var position = 0;
            var read = JsonElements.Fp32.TryScan(bytes, ref position, out var value);
            AssertRead(text, read, position, float.IsFinite(expected), Same(expected, value));
        }
    }

    // Alone, and before other bytes: several are read at a time. The neighbours of the digits in ASCII, and bytes that carry or borrow.
    private static IEnumerable<byte[]> Texts(string number)
    {
        var bytes = Encoding.ASCII.GetBytes(number);
        yield return bytes;
        foreach (var next in ",]/: \0\u00ff")
            yield return [.. bytes, (byte)next, .. "9\u00ff0123456"u8];
        yield return [.. bytes, (byte)',', .. "1.25,1.25,1.25,1.25,1.25"u8];
    }

    private static void AssertDouble(string text)
    {
        var expected = double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);
        foreach (var bytes in Texts(text))
        {
            var position = 0;
            var read = JsonElements.Fp64.TryScan(bytes, ref position, out var value);
            var same = BitConverter.DoubleToInt64Bits(expected) == BitConverter.DoubleToInt64Bits(value);
            AssertRead(text, read, position, double.IsFinite(expected), same);
        }
    }

    private static void AssertRead(string text, bool read, int position, bool finite, bool same) =>
        Assert.True(finite ? read && position == text.Length && same : !read, $"{text} is read as another number");

    private static bool Same(float a, float b) => BitConverter.SingleToInt32Bits(a) == BitConverter.SingleToInt32Bits(b);
}
