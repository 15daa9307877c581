using System.Numerics.Tensors;
using Serverless.Contracts.Errors;
using Serverless.Inference.Embeddings;

namespace Serverless.Inference.Tests.Embeddings;

/// <summary>A real model against the answers that its makers published.</summary>
public sealed class MiniLmTests(MiniLmFixture miniLm) : IClassFixture<MiniLmFixture>
{
    private const string Person = "That is a happy person";

    [Theory]
    [InlineData("That is a happy dog", 0.69458)]
    [InlineData("That is a very happy person", 0.94292)]
    [InlineData("Today is a sunny day", 0.25688)]
    public async Task Embed_KnownSentences_AreAsAlikeAsPublished(string other, double published)
    {
        var vectors = (await miniLm.EmbedAsync(Person, other)).Vectors;

        Assert.Equal(published, TensorPrimitives.Dot<float>(vectors[0], vectors[1]), 1e-3);
        Assert.All(vectors, vector => Assert.Equal(1, TensorPrimitives.Norm<float>(vector), 1e-5));
    }

    [Fact]
    public async Task Embed_ManyOfMixedLength_EachEqualsItselfAloneInItsPlace()
    {
        var texts = Enumerable.Range(0, 40)
            .Select(index => string.Join(' ', Enumerable.Repeat($"word{index} lives", (index * 7 % 31) + 1))).ToArray();

        var together = await miniLm.EmbedAsync(texts);

        for (var index = 0; index < texts.Length; index += 7)
        {
            var alone = (await miniLm.EmbedAsync(texts[index])).Vectors[0];
            Assert.Equal(1, TensorPrimitives.Dot<float>(alone, together.Vectors[index]), 1e-4);
        }
    }

    [Fact]
    public async Task Embed_TokenIds_EqualsItsText()
    {
        // [CLS] that is a happy person [SEP]
        var outcome = await miniLm.EmbedAsync(
            new EmbeddingInput(null, [101, 2008, 2003, 1037, 3407, 2711, 102], "input[0]"), new EmbeddingInput(Person, null, "input[1]"));

        Assert.Equal(1, TensorPrimitives.Dot<float>(outcome.Vectors[0], outcome.Vectors[1]), 1e-5);
        Assert.Equal(14, outcome.Tokens);
    }

    [Theory]
    [InlineData(510)]
    [InlineData(1)]
    public async Task Embed_UpTo512Tokens_IsTaken(int words)
    {
        var outcome = await miniLm.EmbedAsync(Words(words));

        Assert.Equal(words + 2, outcome.Tokens);
    }

    [Theory]
    [InlineData(511, 513)]
    [InlineData(4000, 4002)]
    public async Task Embed_Over512Tokens_IsRefusedSayingHowMany(int words, int tokens)
    {
        var error = (await Assert.ThrowsAsync<InferenceException>(() => miniLm.EmbedAsync("short", Words(words)))).Error;

        Assert.Equal(ErrorKind.InvalidRequest, error.Kind);
        Assert.Contains($"{tokens} tokens", error.Message, StringComparison.Ordinal);
        Assert.Contains("512", error.Message, StringComparison.Ordinal);
        Assert.Equal("input[1]", error.Param);
    }

    [Theory]
    [InlineData("")]
    [InlineData(null)]
    public async Task Embed_EmptyText_IsRefused(string? text)
    {
        var error = await Assert.ThrowsAsync<InferenceException>(() => miniLm.EmbedAsync(new EmbeddingInput(text, null, "input")));

        Assert.Equal(ErrorKind.InvalidRequest, error.Error.Kind);
    }

    [Theory]
    [InlineData(new long[0])]
    [InlineData(new[] { 101L, 30522, 102 })]
    [InlineData(new[] { 101L, -1, 102 })]
    public async Task Embed_TokenIdsThatDoNotExist_AreRefused(long[] tokens)
    {
        var error = await Assert.ThrowsAsync<InferenceException>(() => miniLm.EmbedAsync(new EmbeddingInput(null, tokens, "input")));

        Assert.Equal(ErrorKind.InvalidRequest, error.Error.Kind);
    }

    [Fact]
    public async Task Embed_TextOf513TokenIds_IsRefused()
    {
        var error = await Assert.ThrowsAsync<InferenceException>(
            () => miniLm.EmbedAsync(new EmbeddingInput(null, [.. Enumerable.Repeat(2008L, 513)], "input")));

        Assert.Contains("513 tokens", error.Message, StringComparison.Ordinal);
    }

    private static string Words(int count) => string.Join(' ', Enumerable.Repeat("happy", count));
}
