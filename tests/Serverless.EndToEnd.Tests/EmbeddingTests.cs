using System.ClientModel;
using System.Numerics.Tensors;
using OpenAI;
using OpenAI.Embeddings;
using OpenAI.Models;

namespace Serverless.EndToEnd.Tests;

/// <summary>The official OpenAI client, unmodified, through Functions host, gateway and worker.</summary>
[Collection(PlatformCollection.Name)]
public sealed class EmbeddingTests(PlatformFixture fixture)
{
    private static readonly string[] Texts =
        ["That is a happy person", "That is a happy dog", "That is a very happy person", "Today is a sunny day"];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private OpenAIClientOptions Options => new() { Endpoint = new Uri(fixture.Platform.ApiUrl, "/v1") };

    private ApiKeyCredential Credential => new(fixture.Platform.Options.ApiKey);

    [Fact]
    public async Task GenerateEmbeddings_FourSentences_HaveThePublishedCosines()
    {
        var client = new EmbeddingClient(TestModels.MiniLm, Credential, Options);

        var answer = await client.GenerateEmbeddingsAsync(Texts, cancellationToken: Token);

        var vectors = answer.Value.Select(embedding => embedding.ToFloats().ToArray()).ToArray();
        Assert.Equal(0.69458, TensorPrimitives.CosineSimilarity<float>(vectors[0], vectors[1]), 1e-3);
        Assert.Equal(0.94292, TensorPrimitives.CosineSimilarity<float>(vectors[0], vectors[2]), 1e-3);
        Assert.Equal(0.25688, TensorPrimitives.CosineSimilarity<float>(vectors[0], vectors[3]), 1e-3);
        Assert.True(answer.Value.Usage.InputTokenCount > 0);
    }

    [Fact]
    public async Task GetModels_AllPushed_AreListed()
    {
        var client = new OpenAIModelClient(Credential, Options);

        var models = await client.GetModelsAsync(Token);

        Assert.Contains(models.Value, model => model.Id == TestModels.MiniLm);
        Assert.Contains(models.Value, model => model.Id == TestModels.Small);
    }

    [Fact]
    public async Task GenerateEmbedding_TextOver512Tokens_IsRefusedWithTheLimit()
    {
        var client = new EmbeddingClient(TestModels.MiniLm, Credential, Options);

        var exception = await Assert.ThrowsAsync<ClientResultException>(
            () => client.GenerateEmbeddingAsync(string.Join(' ', Enumerable.Repeat("word", 600)), cancellationToken: Token));

        Assert.Equal(400, exception.Status);
        Assert.Contains("512", exception.Message, StringComparison.Ordinal);
    }
}
