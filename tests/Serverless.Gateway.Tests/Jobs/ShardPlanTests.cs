using Serverless.Contracts.Jobs;
using Serverless.Gateway.Batches;
using Serverless.Gateway.Batches.Validation;

namespace Serverless.Gateway.Tests.Jobs;

public sealed class ShardPlanTests
{
    private const int LineBytes = 100;

    private static readonly TimeSpan Target = TimeSpan.FromSeconds(60);

    [Theory]
    [InlineData(1, 0.5, 1)]
    [InlineData(1, 600, 1)]
    [InlineData(3, 1, 1)]
    [InlineData(9, 1, 4)]
    [InlineData(600, 1, 16)]
    [InlineData(6_000, 1, 100)]
    [InlineData(6_001, 1, 101)]
    [InlineData(50_000, 10, JobLimits.MaxShards)]
    public void Cut_EqualLines_AreShardsOfTheTargetOrSixteen(int lines, double seconds, int shards)
    {
        var cut = Cut(Enumerable.Repeat(1d, lines), seconds);

        Assert.Equal(shards, cut.Count);
        Assert.InRange(cut.Max(shard => shard.Lines) - cut.Min(shard => shard.Lines), 0, 1);
    }

    [Fact]
    public void Cut_UnevenLines_AreOfTheTargetWithinTheirLastLine()
    {
        var random = new Random(8);
        var units = Enumerable.Range(0, 5_000).Select(_ => random.Next(1, 40) * (random.Next(50) == 0 ? 10d : 1d)).ToList();

        var cut = Cut(units, secondsPerUnit: 0.1);

        Assert.InRange(cut.Count, 0.9 * units.Sum() * 0.1 / 60, Math.Ceiling(units.Sum() * 0.1 / 60));
        foreach (var shard in cut)
            Assert.InRange(shard.Units * 0.1, 1, 60 + units.Skip(shard.First).Take(shard.Lines).Max() * 0.1);
    }

    [Fact]
    public void Cut_OneLineWorthManyShards_LeavesTheOthersAsLongAsTheyShouldBe()
    {
        var cut = Cut([.. Enumerable.Repeat(1d, 1_000), 600, .. Enumerable.Repeat(1d, 4_400)], secondsPerUnit: 1);

        var heavy = Assert.Single(cut, shard => shard.Units >= 600);
        Assert.Equal(91, cut.Count);
        Assert.All(cut.Where(shard => shard != heavy), shard => Assert.InRange(shard.Units, 20, 60));
    }

    [Fact]
    public void Cut_AgainWithTheSameRate_GivesTheSameShards()
    {
        var units = Enumerable.Range(0, 1_000).Select(line => 1 + line % 7 * 0.1).ToList();

        Assert.Equal(
            Cut(units, 0.85).Select(shard => (shard.RowKey, shard.First, shard.Lines, shard.Offset, shard.Length)),
            Cut(units, 0.85).Select(shard => (shard.RowKey, shard.First, shard.Lines, shard.Offset, shard.Length)));
    }

    /// <summary>Cuts, and holds that each line is in one shard, in order, with its bytes and its work.</summary>
    private static List<ShardRow> Cut(IEnumerable<double> units, double secondsPerUnit)
    {
        var requests = units.Select((work, line) => new RequestPosition(line * LineBytes, (line + 1) * LineBytes, work)).ToList();
        var shards = ShardPlan.Cut("batch_1", requests, secondsPerUnit, Target);
        var next = 0;
        foreach (var (number, shard) in shards.Index())
        {
            Assert.Equal((number, next, next * LineBytes, shard.Lines * LineBytes), (shard.Number, shard.First, shard.Offset, shard.Length));
            Assert.True(shard.Lines > 0);
            Assert.Equal(requests.Skip(next).Take(shard.Lines).Sum(request => request.Units), shard.Units, tolerance: 0.001);
            next += shard.Lines;
        }

        Assert.Equal(requests.Count, next);
        return shards;
    }
}
