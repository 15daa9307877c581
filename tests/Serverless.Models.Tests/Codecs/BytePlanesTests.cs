using Serverless.Models.Codecs;

namespace Serverless.Models.Tests.Codecs;

public sealed class BytePlanesTests
{
    // Around each vector's own length, and with bytes left over; the seed is the case, so a failure repeats.
    public static TheoryData<int, int> Sizes()
    {
        var data = new TheoryData<int, int>();
        int[] sizes = [0, 1, 2, 3, 4, 5, 63, 64, 65, 127, 255, 256, 257, 259, 511, 1024, 1027, 100_003];
        foreach (var size in sizes)
        {
            data.Add(size, 2);
            data.Add(size, 4);
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void SplitJoin_EveryVectorWidth_IsTheSameAsByHand(int size, int elementSize)
    {
        var original = new byte[size];
        new Random(size).NextBytes(original);
        var expected = ByHand(original, elementSize);

        Check<PlaneKernel128>(original, expected, elementSize);
        Check<PlaneKernel256>(original, expected, elementSize);
        Check<PlaneKernel512>(original, expected, elementSize);
        var chosen = new byte[size];
        BytePlanes.Split(original, chosen, elementSize);
        Assert.Equal(expected, chosen);
        BytePlanes.Join(expected, chosen, elementSize);
        Assert.Equal(original, chosen);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(8)]
    public void Split_OtherElementSize_IsRefused(int elementSize) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => BytePlanes.Split(new byte[8], new byte[8], elementSize));

    [Fact]
    public void Join_OtherLength_IsRefused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => BytePlanes.Join(new byte[8], new byte[7], 4));

    private static void Check<TKernel>(byte[] original, byte[] expected, int elementSize)
        where TKernel : IPlaneKernel
    {
        var planes = new byte[original.Length];
        BytePlanes.Split<TKernel>(original, planes, elementSize);
        Assert.Equal(expected, planes);
        var joined = new byte[original.Length];
        BytePlanes.Join<TKernel>(planes, joined, elementSize);
        Assert.Equal(original, joined);
    }

    private static byte[] ByHand(byte[] elements, int elementSize)
    {
        var count = elements.Length / elementSize;
        var planes = (byte[])elements.Clone();
        for (var i = 0; i < count * elementSize; i++)
            planes[(i % elementSize * count) + (i / elementSize)] = elements[i];
        return planes;
    }
}
