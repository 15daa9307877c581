namespace Serverless.Contracts.Jobs;

/// <summary>The sealed part of a shard: segments without a gap from its first request on.</summary>
/// <param name="Segments">In input order.</param>
/// <param name="Next">Number of the first request without an answer.</param>
/// <param name="NextOffset">Where its line begins in the input blob.</param>
public sealed record SegmentChain(IReadOnlyList<SegmentInfo> Segments, int Next, long NextOffset)
{
    /// <summary>Follows the segments from a shard's beginning.</summary>
    /// <param name="segments">Those found below the shard's prefix, in any order.</param>
    /// <param name="first">Number of the shard's first request.</param>
    /// <param name="offset">Where its line begins.</param>
    public static SegmentChain Follow(IEnumerable<SegmentInfo> segments, int first, long offset)
    {
        var byStart = segments.ToDictionary(segment => segment.First);
        var chain = new List<SegmentInfo>(byStart.Count);
        while (byStart.TryGetValue(first, out var segment) && segment.Lines > 0)
        {
            chain.Add(segment);
            (first, offset) = (segment.End, segment.NextOffset);
        }

        return new SegmentChain(chain, first, offset);
    }
}
