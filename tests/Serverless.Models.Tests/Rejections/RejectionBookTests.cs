using Microsoft.Extensions.Time.Testing;
using Serverless.Models.Integrity;
using Serverless.Models.Manifest;
using Serverless.Models.Rejections;
using Serverless.Models.Storage;
using Serverless.TestKit;

namespace Serverless.Models.Tests.Rejections;

public sealed class RejectionBookTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly FakeTimeProvider _time = new();
    private readonly IModelStore _store;
    private readonly RejectionBook _book;

    public RejectionBookTests()
    {
        _store = ModelStores.InFolder(_folder.Path, _time);
        _book = new RejectionBook(_store);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Add_TwoReports_ListsTheNewestFirst()
    {
        await _book.AddAsync("m", Lineage(0.5), Cancellation);
        var second = await _book.AddAsync("m", Lineage(0.25), Cancellation);

        var reports = await _book.ListAsync("m", Cancellation);

        Assert.Equal(2, second);
        Assert.Equal([2, 1], reports.Select(report => report.Number));
        Assert.Equal(0.25, Assert.Single(reports[0].Report.Lineage.Figures).Value);
        Assert.Equal(_time.GetUtcNow(), reports[0].Report.At);
    }

    [Fact]
    public async Task Add_BeyondWhatIsKept_LetsTheOldestGo()
    {
        for (var i = 0; i < 103; i++)
            await _book.AddAsync("m", Lineage(i), Cancellation);

        var reports = await _book.ListAsync("m", Cancellation);

        Assert.Equal((100, 103, 4), (reports.Count, reports[0].Number, reports[^1].Number));
    }

    [Fact]
    public async Task List_WithABrokenReport_SaysWhich()
    {
        await _book.AddAsync("m", Lineage(1), Cancellation);
        await File.WriteAllTextAsync(Path.Combine(_folder.Path, "m", "rejected", "1.json"), "{", Cancellation);

        var error = await Assert.ThrowsAsync<ModelIntegrityException>(() => _book.ListAsync("m", Cancellation));

        Assert.Contains("Report 1 of rejected candidates of m", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Report_OfAModel_IsNoVersion()
    {
        await _book.AddAsync("m", Lineage(1), Cancellation);

        Assert.Empty(await _store.ListModelsAsync(Cancellation));
    }

    public void Dispose() => _folder.Dispose();

    private static LineageRecord Lineage(double cosine) => new(
        1,
        [new PassRecord("int4", new Dictionary<string, string> { ["block"] = "32" }, "")],
        [new EvaluationFigure("cosine", cosine) { Least = 2 }]);
}
