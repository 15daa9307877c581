using System.Globalization;
using System.Text;
using Serverless.Worker.Json;

namespace Serverless.Worker.Tests.Json;

/// <summary>What is read in one piece is held against the scanner that goes digit by digit, and numbers against the runtime's parser.</summary>
public sealed class ShortDecimalsTests
{
    private const int Seed = 20262;

    // More than two windows.
    private static readonly string Rest = new(',', 40);

    [Fact]
    public void TryRead_AnyText_ReadsWhatTheScannerReadsOrNothing()
    {
        const string Alphabet = "00123456789.-eE, ";
        var random = new Random(Seed);
        var read = 0;
        for (var i = 0; i < 300_000; i++)
        {
            var text = new byte[random.Next(0, 48)];
            for (var at = 0; at < text.Length; at++)
                text[at] = (byte)Alphabet[random.Next(at % 5 == 0 ? Alphabet.Length : 11)];
            var position = random.Next(0, Math.Min(4, text.Length));
            var (mine, other) = (position, position);
            if (!ShortDecimals.TryRead(text, ref mine, out var value))
                continue;
            read++;
            var known = DecimalScanner.TryScan(text, ref other, out var number);
            var parsed = float.Parse(text.AsSpan(position, mine - position), NumberStyles.Float, CultureInfo.InvariantCulture);
            Assert.True(
                known && mine == other && BitConverter.SingleToInt32Bits(parsed) == BitConverter.SingleToInt32Bits(value),
                $"'{Encoding.ASCII.GetString(text)}' at {position}: {value} ({number})");
        }

        Assert.InRange(read, 20_000, 300_000);
    }

    [Theory]
    [InlineData("0", 0f)]
    [InlineData("-0", -0f)]
    [InlineData("-0.000", -0f)]
    [InlineData("7", 7f)]
    [InlineData("0.5", 0.5f)]
    [InlineData("-123.456", -123.456f)]
    [InlineData("999999999999999", 999999999999999f)]
    [InlineData("0.12345678901234", 0.12345678901234f)]
    [InlineData("0.12345679104328156", 0.12345679f)]
    [InlineData("-12.345678901234567", -12.345678901234567f)]
    [InlineData("0.000000000000000001", 1e-18f)]
    public void TryRead_NumberOfItsKind_IsRead(string number, float expected)
    {
        var position = 0;

        Assert.True(ShortDecimals.TryRead(Encoding.ASCII.GetBytes(number + Rest), ref position, out var value));
        Assert.Equal((number.Length, BitConverter.SingleToInt32Bits(expected)), (position, BitConverter.SingleToInt32Bits(value)));
    }

    [Theory]
    [InlineData("01")]
    [InlineData("-01.5")]
    [InlineData(".5")]
    [InlineData("-")]
    [InlineData("--1")]
    [InlineData("1.")]
    [InlineData("1..5")]
    [InlineData("1e5")]
    [InlineData("1.5E5")]
    [InlineData("0.12345678901234567e1")]
    [InlineData("123456789012345.")]
    [InlineData("1234567890123456")]
    [InlineData("0.99999999999999999999")]
    public void TryRead_OtherKindOrNone_IsLeftToOthers(string text)
    {
        var position = 0;

        Assert.False(ShortDecimals.TryRead(Encoding.ASCII.GetBytes(text + Rest), ref position, out _));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(16)]
    public void TryRead_TextThatEndsSoon_IsLeftToOthers(int length)
    {
        var position = 0;

        Assert.False(ShortDecimals.TryRead(Encoding.ASCII.GetBytes(("-1.5" + Rest)[..length]), ref position, out _));
    }
}
