using Serverless.Gateway.Batches;
using Serverless.Gateway.Batches.Validation;

namespace Serverless.Gateway.Tests.Jobs;

/// <summary>What is learned from finished shards.</summary>
[Collection(JobsCollection.Name)]
public sealed class WorkRatesTests(JobsFixture fixture)
{
    private readonly string _model = "rated-" + Guid.NewGuid().ToString("N");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private WorkRates Rates => fixture.Get<WorkRates>();

    [Fact]
    public async Task Note_Shards_AreTheFirstMeasurementAndThenHalfOfWhatIsKnown()
    {
        Assert.Equal(WorkRates.Unknown, await FindAsync());

        await NoteAsync(milliseconds: 10_000, units: 100);
        Assert.Equal(0.1, await FindAsync(), tolerance: 1e-9);
        await NoteAsync(milliseconds: 30_000, units: 100);

        Assert.Equal(0.2, await FindAsync(), tolerance: 1e-9);
        Assert.Equal(WorkRates.Unknown, await Rates.FindAsync("/v1/completions", _model, Token));
    }

    [Theory]
    [InlineData(0, 100)]
    [InlineData(10_000, 0)]
    public async Task Note_ShardWithoutTimeOrWork_TeachesNothing(long milliseconds, double units)
    {
        await NoteAsync(milliseconds, units);

        Assert.Equal(WorkRates.Unknown, await FindAsync());
    }

    private Task<double> FindAsync() => Rates.FindAsync(JobApi.Endpoint, _model, Token);

    private Task NoteAsync(long milliseconds, double units) => Rates.NoteAsync(
        JobApi.Endpoint, _model, new ShardRow { PartitionKey = "batch_1", RowKey = "s000000", RunMilliseconds = milliseconds, Units = units }, Token);
}
