using Serverless.Inference.Embeddings;

namespace Serverless.Inference.Tests.Embeddings;

public sealed class RowGroupingTests
{
    [Fact]
    public void Group_AnyLengths_TakesEachRowOnceWithinTheBounds()
    {
        var random = new Random(4);
        for (var round = 0; round < 200; round++)
        {
            int[] lengths = [.. Enumerable.Range(0, random.Next(1, 300)).Select(_ => random.Next(1, 513))];

            var groups = RowGrouping.Group(lengths).ToList();

            Assert.Equal(Enumerable.Range(0, lengths.Length), groups.SelectMany(group => group).Order());
            Assert.All(groups, group => Assert.InRange(group.Length, 1, 32));
            Assert.All(groups, group => Assert.True(group.Length == 1 || group.Length * group.Max(index => lengths[index]) <= 8192));
        }
    }

    [Fact]
    public void Group_MixedLengths_PutsLikeWithLike()
    {
        int[] lengths = [.. Enumerable.Range(0, 64).Select(index => index % 2 == 0 ? 10 : 200)];

        var padded = RowGrouping.Group(lengths).Sum(group => group.Length * group.Max(index => lengths[index]));

        Assert.Equal(lengths.Sum(), padded);
    }
}
