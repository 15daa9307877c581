using Serverless.Contracts.Models;
using Serverless.Inference;
using Serverless.Inference.Embeddings;
using Serverless.Inference.Execution;
using Serverless.Inference.Onnx;
using Serverless.Inference.Onnx.Preparation;
using Serverless.Models.Manifest;
using Serverless.Models.Publishing;
using Serverless.Models.Storage;
using Serverless.Optimization.Graphs;
using Serverless.Optimization.Partitioning;
using Serverless.SampleModels;
using Serverless.TestKit;
using Serverless.TestKit.Onnx;
using static Onnx.TensorProto.Types;

namespace Serverless.Optimization.Tests.Partitioning;

public sealed class StagePublisherTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly IModelStore _store;

    public StagePublisherTests() => _store = ModelStores.InFolder(_folder.File("store"));

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Publish_Stages_AreOneModelThatNamesThem()
    {
        var manifest = await PublishAsync(Mlp(), new StagedDraft("m", Mlp()) { Places = new Dictionary<int, string> { [2] = "second" } });

        Assert.Equal((ModelManifest.StagedFormat, "m", 1), (manifest.Format, manifest.Name, manifest.Version));
        Assert.Equal(["x", "y"], manifest.Inputs.Concat(manifest.Outputs).Select(tensor => tensor.Name));
        Assert.Equal([null, "m.stage-2:1"], manifest.Stages!.Select(stage => stage.Package));
        Assert.Equal([null, "second"], manifest.Stages!.Select(stage => stage.Place));
        Assert.All(manifest.Stages!, stage => Assert.Equal(32, stage.MaxBatch));
        Assert.Equal(manifest.Stages![0].Outputs.Select(value => value.Name), manifest.Stages[1].Inputs.Select(value => value.Name));
        Assert.Equal(["m", "m.stage-2"], await _store.ListModelsAsync(Token));
    }

    [Fact]
    public async Task Publish_MiniLmInStages_IsServedAsTheWholeEmbedder()
    {
        var (graph, vocabulary) = MiniLm.WriteTo(_folder.File("minilm"));
        var options = new PreparationOptions { Task = ModelTasks.TextEmbedding, MaxBatch = 4 };
        await PublishAsync(graph, new StagedDraft("staged", graph) { Options = options, Files = [vocabulary] });
        using (var prepared = await GraphPreparation.RunAsync(graph, options, progress: null, Token))
        {
            var draft = prepared.ToDraft("whole", [vocabulary]) with { Task = ModelTasks.TextEmbedding };
            await new ModelPublisher(_store).PublishAsync(draft, progress: null, Token);
        }

        await using var engine = new LocalEngine(_store);
        var staged = await EmbedAsync(engine, "staged");
        var whole = await EmbedAsync(engine, "whole");

        for (var i = 0; i < whole.Length; i++)
            Assert.InRange(whole[i].Zip(staged[i], (one, other) => Math.Abs(one - other)).Max(), 0, 1e-5);
    }

    [Fact]
    public async Task Publish_FirstDimensionThatOnlyOneStageIsFreeOf_StaysAsTheGraphHasIt()
    {
        // The second half says how many rows it reshapes to.
        var graph = new OnnxGraph().Input("x", DataType.Float, 1, 4).Output("y", DataType.Float, 1, 4)
            .Weights("a", new float[16], 4, 4).Weights("b", new float[16], 4, 4).Weights("shape", [1, 4], 2)
            .Node("MatMul", "x a", "m").Node("MatMul", "m b", "n").Node("Cast", "shape", "s", OnnxGraph.Attribute("to", (long)DataType.Int64)).Node("Reshape", "n s", "y")
            .WriteTo(_folder.File("fixed.onnx"));

        var manifest = await PublishAsync(graph, new StagedDraft("m", graph));

        Assert.Equal([1, 4], manifest.Inputs[0].Shape);
        Assert.All(manifest.Stages!, stage => Assert.Equal(1, stage.MaxBatch));
    }

    [Fact]
    public async Task Publish_WhatCannotBeServedInStages_IsRefusedAndNothingIsPublished()
    {
        var decoder = new OnnxGraph().Input("x", DataType.Float, "n").Input("past_key_values.0.key", DataType.Float, "n").Output("y", DataType.Float, "n")
            .Node("Add", "x past_key_values.0.key", "s").Node("Tanh", "s", "y").WriteTo(_folder.File("decoder.onnx"));
        var places = new Dictionary<int, string> { [3] = "third" };

        var text = await Assert.ThrowsAsync<ModelRefusedException>(() => PublishAsync(decoder, new StagedDraft("m", decoder)));
        var name = await Assert.ThrowsAsync<ModelRefusedException>(() => PublishAsync(Mlp(), new StagedDraft(new string('m', 60), Mlp())));
        var place = await Assert.ThrowsAsync<ModelRefusedException>(() => PublishAsync(Mlp(), new StagedDraft("m", Mlp()) { Places = places }));

        Assert.Contains("it generates text", text.Message, StringComparison.Ordinal);
        Assert.Contains("cannot name a stage", name.Message, StringComparison.Ordinal);
        Assert.Contains("it has no stage 3", place.Message, StringComparison.Ordinal);
        Assert.Empty(await _store.ListModelsAsync(Token));
    }

    public void Dispose() => _folder.Dispose();

    private string Mlp() => OnnxGraphs.Mlp(4, 8, 3).WriteTo(_folder.File("mlp.onnx"));

    private async Task<ModelManifest> PublishAsync(string graph, StagedDraft draft)
    {
        using var model = PartitionedModel.Write(ModelGraph.Read(graph), stages: 2, _folder.File("stages"));
        return await new StagePublisher(_store).PublishAsync(model, draft, progress: null, Token);
    }

    private static async Task<float[][]> EmbedAsync(LocalEngine engine, string name)
    {
        using var lease = await engine.Models.AcquireAsync(new ModelReference(name), Token);
        EmbeddingInput[] texts = [new("A short one.", null, "a"), new("In the beginning was the word, and many more came behind it.", null, "b")];
        var outcome = await lease.Embedder!.EmbedAsync(lease, texts, RunTerms.Default, Token);
        return [.. outcome.Vectors];
    }
}
