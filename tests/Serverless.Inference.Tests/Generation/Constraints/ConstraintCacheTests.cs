using System.Text.Json;
using Serverless.Inference.Generation.Constraints;

namespace Serverless.Inference.Tests.Generation.Constraints;

public sealed class ConstraintCacheTests
{
    private readonly ConstraintCache _cache =
        new(TestTokenizer.Bytes, TestTokenizer.Bytes.VocabularySize, [TestTokenizer.Bytes.End], capacity: 2);

    [Fact]
    public void Get_SameSchemaAgain_IsTheSameConstraint()
    {
        Assert.Same(Get("""{"type":"null"}"""), Get("""{"type":"null"}"""));
        Assert.Same(Get(null), Get(null));
        Assert.NotSame(Get("""{"type":"null"}"""), Get("""{"type":"string"}"""));
    }

    [Fact]
    public void Get_MoreThanAreKept_ForgetsTheLeastRecentlyUsed()
    {
        var first = Get("""{"const":1}""");
        var second = Get("""{"const":2}""");
        Get("""{"const":1}""");
        Get("""{"const":3}""");

        Assert.Same(first, Get("""{"const":1}"""));
        Assert.NotSame(second, Get("""{"const":2}"""));
    }

    [Fact]
    public async Task Get_AtOnce_AllMatchTheSame()
    {
        var token = TestContext.Current.CancellationToken;

        var constraints = await Task.WhenAll(
            Enumerable.Range(0, 16).Select(index => Task.Run(() => Get($$"""{"const":{{index % 2}}}"""), token)));

        Assert.All(constraints.Index(), entry => Assert.True(ConstraintText.LetsThrough(entry.Item, $"{entry.Index % 2}")));
    }

    private TokenConstraint Get(string? schema)
    {
        using var document = schema is null ? null : JsonDocument.Parse(schema);
        return _cache.Get(document?.RootElement);
    }
}
