using Serverless.Inference.Onnx;
using Serverless.Optimization.Candidates;
using Serverless.Optimization.Evaluation;

namespace Serverless.Optimization.Tests.Candidates;

public sealed class EmbedderCandidateTests(MiniLmFixture minilm) : IClassFixture<MiniLmFixture>
{
    [Fact]
    public async Task Embedder_WithoutAQuarterOfNeuronsAndHeads_RunsBatchesAndIsSmaller()
    {
        using var candidate = await minilm.MakeAsync("prune-structured:neurons=0.25,heads=0.25", cosine: 0.99);

        Assert.Equal("6912 of 9216 neurons in 6 layers are left, 54 of 72 heads in 6 attentions are left", candidate.Lineage.Passes[0].Report);
        // 43 MB of the 91 are those layers; the rest are tables.
        Assert.InRange(candidate.FileSizeRatio, 0.8, 0.9);
        Assert.InRange(Figure(candidate, FigureNames.Size), 0.8, 0.9);
        Assert.InRange(Figure(candidate, FigureNames.Cosine), 0.2, 0.99);
        Assert.True(candidate.Batching.MaxBatch == 4, candidate.Batching.Reason);
        // It is worse than is asked for, and nobody has taught it since.
        Assert.False(candidate.IsAccepted);
    }

    [Fact]
    public async Task Embedder_InHalfPrecisionOnAProcessor_IsHalfAsLargeAndBatches()
    {
        using var candidate = await minilm.MakeAsync("fp16", cosine: 0.999);

        Assert.True(candidate.IsAccepted);
        Assert.InRange(Figure(candidate, FigureNames.Size), 0.49, 0.52);
        Assert.True(candidate.Batching.MaxBatch == 4, candidate.Batching.Reason);
    }

    [Fact]
    public async Task Embedder_Distilled_IsFasterAndLikerItsTeacherThanItsLayersAlone()
    {
        using var candidate = await minilm.MakeAsync("distill:layers=2,steps=30", cosine: 0.5, MiniLmFixture.Sentences(0, 80));

        Assert.True(candidate.IsAccepted);
        Assert.True(candidate.Losses[^1].Training < candidate.Losses[0].Training / 2, $"{candidate.Losses[0]} to {candidate.Losses[^1]}");
        // What is measured is not trained on: 64 of the 80 are left.
        Assert.Contains("2 of 6 layers and a head, 30 steps on 64 texts (SHA-256 ", candidate.Lineage.Passes[0].Report, StringComparison.Ordinal);
        Assert.True(1 - Figure(candidate, FigureNames.Cosine) < candidate.Losses[0].HeldOut, $"{Figure(candidate, FigureNames.Cosine)}");
        Assert.InRange(Figure(candidate, FigureNames.Size), 0.5, 0.75);
        Assert.True(candidate.Batching.MaxBatch == 4, candidate.Batching.Reason);
    }

    [Fact]
    public async Task Embedder_DistilledWithoutTexts_IsRefusedAndSaysHowMany()
    {
        var error = await Assert.ThrowsAsync<ArgumentException>(() => minilm.MakeAsync("distill", cosine: 0.9, MiniLmFixture.Sentences(0, 20)));

        Assert.Contains("trained on 20 texts or more that it is not measured on, and 4 were given", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Embedder_DistilledToAllItsLayers_IsRefusedAndSaysHowMany()
    {
        var error = await Assert.ThrowsAsync<ModelRefusedException>(() => minilm.MakeAsync("distill:layers=6", cosine: 0.9, MiniLmFixture.Sentences(0, 80)));

        Assert.Contains("of which distill can keep 1 to 5, not 6", error.Message, StringComparison.Ordinal);
    }

    private static double Figure(Candidate candidate, string name) => candidate.Lineage.Figures.First(figure => figure.Name == name).Value;
}
