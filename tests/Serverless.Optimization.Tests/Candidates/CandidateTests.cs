using Serverless.Inference.Onnx.Preparation;
using Serverless.Models.Manifest;
using Serverless.Models.Publishing;
using Serverless.Models.Rejections;
using Serverless.Models.Storage;
using Serverless.Optimization.Candidates;
using Serverless.Optimization.Evaluation;
using Serverless.Optimization.Passes;
using Serverless.SampleModels;
using Serverless.TestKit;

namespace Serverless.Optimization.Tests.Candidates;

public sealed class CandidateTests : IDisposable
{
    private static readonly string[] Texts =
    [
        "In the beginning God created the heaven and the earth.",
        "And the earth was without form, and void; and darkness was upon the face of the deep.",
        "And God said, Let there be light: and there was light.",
        "The LORD is my shepherd; I shall not want.",
        "He maketh me to lie down in green pastures: he leadeth me beside the still waters.",
    ];

    private readonly TemporaryFolder _folder = new();
    private readonly IModelStore _store;

    public CandidateTests() => _store = ModelStores.InFolder(_folder.File("store"));

    [Theory]
    [InlineData("int8", 1.01, 0.30)]
    [InlineData("int4", 1.25, 0.25)]
    [InlineData("int4:rounding=gptq", 1.2, 0.25)]
    [InlineData("int8-block", 1.02, 0.35)]
    [InlineData("int8-dynamic", 1.05, 0.5)]
    [InlineData("int8-static", 1.3, 0.45)]
    public async Task TrainedDecoder_Compressed_StillForetellsItsTexts(string pass, double perplexity, double size)
    {
        using var source = await SourceAsync();
        using var candidate = await MakeAsync(source, pass, perplexity);

        Assert.True(candidate.IsAccepted, Describe(candidate));
        // What is served is as small as the file: preparing it must not restore the weights.
        Assert.InRange(candidate.FileSizeRatio, 0, size);
        Assert.InRange(Figure(candidate, FigureNames.Size), 0, size);
        Assert.InRange(Figure(candidate, FigureNames.Perplexity), 0.8, perplexity);
        Assert.True(candidate.Batching.MaxBatch == 4, candidate.Batching.Reason);
    }

    // On a processor too, whose kernels compute in floats: it widens the weights when it loads them.
    [Theory]
    [InlineData(null)]
    [InlineData("cpu")]
    public async Task TrainedDecoder_InHalfPrecision_StillForetellsItsTextsAndIsHalfAsLarge(string? provider)
    {
        using var source = await SourceAsync(provider);
        using var candidate = await MakeAsync(source, "fp16", perplexity: 1.01);

        Assert.InRange(candidate.FileSizeRatio, 0, 0.6);
        Assert.InRange(Figure(candidate, FigureNames.Perplexity), 0.99, 1.01);
        Assert.InRange(Figure(candidate, FigureNames.Size), 0, 0.6);
        Assert.InRange(Figure(candidate, FigureNames.ColdStart), 0.01, 100);
        Assert.True(candidate.Batching.MaxBatch == 4, candidate.Batching.Reason);
    }

    [Fact]
    public async Task Candidate_ThatIsTooBad_IsNotPublishedAndLeavesItsReport()
    {
        using var source = await SourceAsync();
        using var candidate = await MakeAsync(source, "int4:block=256", perplexity: 1.0001);

        await Assert.ThrowsAsync<InvalidOperationException>(() => candidate.PublishAsync(TestContext.Current.CancellationToken));
        var number = await candidate.RejectAsync(TestContext.Current.CancellationToken);

        var (kept, report) = Assert.Single(await new RejectionBook(_store).ListAsync(TinyLm.Name, TestContext.Current.CancellationToken));
        Assert.Equal(number, kept);
        Assert.Contains(report.Lineage.Figures, figure => figure.Name == FigureNames.Perplexity && !figure.IsMet);
        Assert.Equal([1], await _store.ListVersionsAsync(TinyLm.Name, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Candidate_ThatIsGood_IsPublishedWithItsLineage()
    {
        using var source = await SourceAsync();
        using var candidate = await MakeAsync(source, "int8", perplexity: 1.1);

        var manifest = await candidate.PublishAsync(TestContext.Current.CancellationToken);

        Assert.Equal((2, 1, "int8"), (manifest.Version, manifest.Lineage!.Parent, Assert.Single(manifest.Lineage.Passes).Name));
        Assert.Contains(manifest.Lineage.Figures, figure => figure is { Name: FigureNames.Perplexity, Most: 1.1 });
        Assert.Equal(ModelTasks.TextGeneration, manifest.Task);
    }

    public void Dispose() => _folder.Dispose();

    private static Task<Candidate> MakeAsync(CandidateSource source, string pass, double perplexity) => Candidate.MakeAsync(
        source,
        [PassStep.Parse(pass)],
        new CandidateTerms(new ReferenceInputs { Texts = Texts }, new GateThresholds { Perplexity = perplexity }),
        progress: null,
        TestContext.Current.CancellationToken);

    private static double Figure(Candidate candidate, string name) => candidate.Lineage.Figures.First(figure => figure.Name == name).Value;

    private static string Describe(Candidate candidate) =>
        string.Join(", ", candidate.Lineage.Figures.Select(figure => $"{figure.Name} {figure.Value}"));

    private async Task<CandidateSource> SourceAsync(string? provider = "cpu")
    {
        var options = new PreparationOptions { Task = ModelTasks.TextGeneration, MaxBatch = 4, Provider = provider };
        using var prepared = await GraphPreparation.RunAsync(TinyLm.Graph, options, progress: null, TestContext.Current.CancellationToken);
        var parent = await new ModelPublisher(_store).PublishAsync(prepared.ToDraft(TinyLm.Name, []), progress: null, TestContext.Current.CancellationToken);
        return await CandidateSource.OpenAsync(_store, parent, TinyLm.Graph, TestContext.Current.CancellationToken);
    }
}
