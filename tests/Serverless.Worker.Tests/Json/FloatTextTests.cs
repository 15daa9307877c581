using System.Globalization;
using System.Text;
using Serverless.Worker.Json;

namespace Serverless.Worker.Tests.Json;

public sealed class FloatTextTests
{
    private const uint Finite = 0x7F80_0000;

    [Theory]
    [InlineData(0f, "0")]
    [InlineData(-0f, "-0")]
    [InlineData(1f, "1")]
    [InlineData(-1.5f, "-1.5")]
    [InlineData(0.1f, "0.1")]
    [InlineData(100f, "100")]
    [InlineData(123456.79f, "123456.79")]
    [InlineData(16777216f, "16777216")]
    [InlineData(999999999f, "1E+09")]
    [InlineData(123456790f, "123456790")]
    [InlineData(0.00012345678f, "0.00012345678")]
    [InlineData(0.00001f, "1E-05")]
    [InlineData(float.Epsilon, "1E-45")]
    [InlineData(float.MinValue, "-3.4028235E+38")]
    public void Write_Number_IsTheShortestText(float value, string text) => Assert.Equal(text, Written(value));

    [Fact]
    public void Write_FloatsOfEveryExponentAndTheirNeighbours_AreAsTheFrameworkWritesThem()
    {
        for (uint power = 0; power < 255; power++)
        {
            // Above and below a power of two, where the lower neighbour is half as far.
            for (var offset = -40; offset <= 40; offset++)
                AssertAsFramework((uint)Math.Clamp((power << 23) + (long)offset, 0, Finite - 1));
        }
    }

    [Fact]
    public void Write_NeighboursOfShortDecimals_AreAsTheFrameworkWritesThem()
    {
        for (var exponent = -45; exponent <= 38; exponent++)
        {
            for (var digits = 1; digits < 1000; digits += 7)
            {
                var bits = BitConverter.SingleToUInt32Bits(float.Parse($"{digits}e{exponent}", CultureInfo.InvariantCulture));
                for (var offset = -1; offset <= 1; offset++)
                    AssertAsFramework((uint)Math.Clamp(bits + (long)offset, 0, Finite - 1));
            }
        }
    }

    [Fact]
    public void Write_RandomFloats_AreAsTheFrameworkWritesThem()
    {
        var random = new Random(7);
        for (var i = 0; i < 500_000; i++)
            AssertAsFramework((uint)random.NextInt64(Finite));
    }

    private static void AssertAsFramework(uint bits)
    {
        var value = BitConverter.UInt32BitsToSingle(bits);
        Span<byte> ours = stackalloc byte[FloatText.MaxLength];
        Span<byte> framework = stackalloc byte[32];
        var length = FloatText.Write(value, ours);
        Assert.True(value.TryFormat(framework, out var written, default, CultureInfo.InvariantCulture));
        if (!ours[..length].SequenceEqual(framework[..written]))
            Assert.Fail($"{bits:X8}: {Encoding.ASCII.GetString(ours[..length])} and not {Encoding.ASCII.GetString(framework[..written])}");
    }

    private static string Written(float value)
    {
        Span<byte> text = stackalloc byte[FloatText.MaxLength];
        return Encoding.ASCII.GetString(text[..FloatText.Write(value, text)]);
    }
}
