using Serverless.Inference.Tensors;

namespace Serverless.Inference.Tests.Tensors;

public sealed class TensorBufferTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(4096)]
    [InlineData(1_000_001)]
    [InlineData(40_000_000)]
    public void Rent_AnyLength_IsAlignedAndAsLong(int length)
    {
        using var buffer = TensorBuffer.Rent(length);

        Assert.Equal(length, buffer.Span.Length);
        Assert.Equal(0, buffer.Address % 64);
    }

    [Fact]
    public void Dispose_Twice_ReturnsTheMemoryOnce()
    {
        var buffer = TensorBuffer.Rent(3000);
        buffer.Dispose();
        buffer.Dispose();

        using var first = TensorBuffer.Rent(3000);
        using var second = TensorBuffer.Rent(3000);

        Assert.NotEqual(first.Address, second.Address);
        Assert.Throws<ObjectDisposedException>(() => buffer.Span.Length);
    }

    [Fact]
    public void Resize_BeyondItsBlock_KeepsTheBytes()
    {
        using var buffer = TensorBuffer.Rent(200);
        buffer.Span.Fill(7);

        buffer.Resize(100_000);

        Assert.Equal(100_000, buffer.Length);
        Assert.True(buffer.Span[..200].IndexOfAnyExcept((byte)7) < 0);
    }
}
