using Serverless.Contracts.Jobs;

namespace Serverless.Contracts.Tests.Jobs;

public sealed class SegmentChainTests
{
    [Fact]
    public void Follow_SegmentsInAnyOrder_EndsAtTheFirstGap()
    {
        var chain = SegmentChain.Follow([Segment(30, 10), Segment(15, 5), Segment(10, 5)], first: 10, offset: 100);

        Assert.Equal([10, 15], chain.Segments.Select(segment => segment.First));
        Assert.Equal((20, 2000L), (chain.Next, chain.NextOffset));
    }

    [Fact]
    public void Follow_NoSegment_IsTheShardsBeginning()
    {
        var chain = SegmentChain.Follow([], first: 10, offset: 100);

        Assert.Equal((10, 100L), (chain.Next, chain.NextOffset));
    }

    [Fact]
    public void Metadata_RoundTrip_IsEqual()
    {
        var segment = new SegmentInfo(1, 2, 3, 4, 5, 6, 7, 8, 9, 10);

        Assert.Equal(segment, SegmentInfo.FromMetadata(segment.ToMetadata()));
    }

    [Fact]
    public void FromMetadata_ForeignBlob_IsRefused() =>
        Assert.Throws<FormatException>(() => SegmentInfo.FromMetadata(new Dictionary<string, string> { ["first"] = "-1" }));

    private static SegmentInfo Segment(int first, int lines) => new(first, lines, lines, 0, 1, 0, (first + lines) * 100, 1);
}
