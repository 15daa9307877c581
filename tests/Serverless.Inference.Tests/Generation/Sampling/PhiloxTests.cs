using Serverless.Inference.Generation.Sampling;

namespace Serverless.Inference.Tests.Generation.Sampling;

public sealed class PhiloxTests
{
    // The known answers that the authors of Philox publish (Random123, kat_vectors).
    [Theory]
    [InlineData(0, 0, 0, 0, 0, 0, 0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8)]
    [InlineData(
        0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, 0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd)]
    [InlineData(
        0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344, 0xa4093822, 0x299f31d0, 0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1)]
    public void Block_PublishedCounters_GivePublishedWords(
        uint a, uint b, uint c, uint d, uint key0, uint key1, uint first, uint second, uint third, uint fourth)
    {
        Assert.Equal((first, second, third, fourth), Philox.Block((a, b, c, d), key0, key1));
    }

    [Fact]
    public void Uniform_ManyPositions_FillsTheUnitIntervalEvenly()
    {
        var bins = new int[100];
        for (var position = 0; position < 100_000; position++)
            bins[(int)(Philox.Uniform(-7, 3, position) * 100)]++;

        // Chi-square with 99 degrees of freedom: 148 is passed once in a thousand; the draws are fixed, so never by chance.
        Assert.InRange(bins.Sum(count => (count - 1000.0) * (count - 1000.0) / 1000), 50, 148);
    }

    [Fact]
    public void Uniform_OtherSeedChoiceOrPosition_DrawsAnotherNumber()
    {
        double[] draws =
        [
            Philox.Uniform(1, 0, 0), Philox.Uniform(2, 0, 0), Philox.Uniform(1L << 32, 0, 0),
            Philox.Uniform(1, 1, 0), Philox.Uniform(1, 0, 1),
        ];

        Assert.Equal(draws.Length, draws.Distinct().Count());
    }
}
