using Serverless.Inference.Generation.Memory;

namespace Serverless.Inference.Tests.Generation;

public sealed class PrefixCacheTests : IDisposable
{
    private static readonly KvShape Shape = new(Layers: 1, Heads: 1, HeadSize: 4, ElementSize: 4);

    private readonly KvBuffer _row = new(Shape, 1, 512);

    private static long Blocks(int count) => count * PrefixCache.BlockTokens * Shape.TokenBytes;

    [Fact]
    public void Find_PromptThatBeginsAlike_FindsTheWholeBlocksInCommon()
    {
        using var cache = new PrefixCache(Shape, Blocks(10));
        Store(cache, Text(1, 100));

        Assert.Equal(3, cache.Find("", Text(1, 100)).Count);
        Assert.Equal(2, cache.Find("", [.. Text(1, 70), .. Text(2, 30)]).Count);
        Assert.Empty(cache.Find("", Text(2, 100)));
        Assert.Equal(Blocks(3), cache.Bytes);
    }

    [Fact]
    public void Find_PromptThatIsKnownToItsEnd_LeavesItsLastTokenToCompute()
    {
        using var cache = new PrefixCache(Shape, Blocks(10));
        Store(cache, Text(1, 64));

        Assert.Single(cache.Find("", Text(1, 64)));
        Assert.Equal(2, cache.Find("", Text(1, 65)).Count);
    }

    [Fact]
    public void Find_AnotherTenantsText_FindsNothing()
    {
        using var cache = new PrefixCache(Shape, Blocks(10));
        cache.Store("one", Text(1, 100), new KvPlace(_row, 0, 0), null);

        Assert.Empty(cache.Find("other", Text(1, 100)));
        Assert.Equal(3, cache.Find("one", Text(1, 100)).Count);
    }

    [Fact]
    public void Store_OverTheBudget_DropsTheEndsOfWhatWasNotUsedForLongest()
    {
        using var cache = new PrefixCache(Shape, Blocks(4));
        Store(cache, Text(1, 64));
        Store(cache, Text(2, 64));
        cache.Find("", Text(1, 65));

        Store(cache, Text(3, 32));

        Assert.Equal(Blocks(4), cache.Bytes);
        Assert.Equal(2, cache.Find("", Text(1, 65)).Count);
        Assert.Single(cache.Find("", Text(2, 65)));
        Assert.Single(cache.Find("", Text(3, 33)));
    }

    [Fact]
    public void Store_TextLongerThanTheBudget_KeepsItsBeginning()
    {
        using var cache = new PrefixCache(Shape, Blocks(3));

        Store(cache, Text(1, 500));

        Assert.Equal(3, cache.Find("", Text(1, 500)).Count);
    }

    [Fact]
    public void Store_BitByBit_GoesOnWhereItWas()
    {
        using var cache = new PrefixCache(Shape, Blocks(10));
        var text = Text(1, 200);
        PrefixEnd? end = null;

        for (var length = 10; length <= 200; length += 10)
            end = cache.Store("", text.AsMemory(0, length), new KvPlace(_row, 0, 0), end);

        Assert.Equal(6, end!.Count);
        Assert.Equal(6, cache.Find("", text).Count);
        // Its beginning goes meanwhile: what would come behind it would never be found.
        for (var other = 2; other < 12; other++)
            Store(cache, Text(other, 32));
        Assert.Same(end, cache.Store("", Text(1, 240), new KvPlace(_row, 0, 0), end));
        Assert.Equal(Blocks(10), cache.Bytes);
    }

    [Fact]
    public void Store_WithoutBudget_KeepsNothing()
    {
        using var cache = new PrefixCache(Shape, Blocks(1) - 1);

        Store(cache, Text(1, 100));

        Assert.False(cache.IsOn);
        Assert.Equal(0, cache.Bytes);
        Assert.Empty(cache.Find("", Text(1, 100)));
    }

    public void Dispose() => _row.Dispose();

    private static int[] Text(int seed, int length) => [.. Enumerable.Range(0, length).Select(index => (seed * 1000) + index)];

    private void Store(PrefixCache cache, int[] text) => cache.Store("", text, new KvPlace(_row, 0, 0), null);
}
