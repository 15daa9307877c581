using Serverless.Inference.Generation;
using Serverless.Models.Manifest;

namespace Serverless.Inference.Tests.Generation;

public sealed class GenerationOptionsTests
{
    private static readonly DecoderRecord Decoder = new()
    {
        SharesPast = true,
        Layers = 12,
        KeyValueHeads = 4,
        HeadSize = 64,
        HalfPrecision = false,
        ContextLength = 2048,
        LogitsSize = 50_257,
        LastLogitsOnly = true,
        EndTokens = [0],
    };

    public static TheoryData<string, Action<GenerationOptions>> Broken() => new()
    {
        { "MaxRows", options => options.MaxRows = 257 },
        { "KvMemoryBytes", options => options.KvMemoryBytes = 1000 },
        { "ContextLength", options => options.ContextLength = 0 },
        { "MaxChunk", options => options.MaxChunk = 8 },
        { "MinChunk", options => options.MinChunk = 0 },
        { "MinChunk (64)", options => (options.MinChunk, options.MaxChunk) = (64, 32) },
        { "ChunkSteps", options => options.ChunkSteps = double.NaN },
        { "PrefixCacheBytes", options => options.PrefixCacheBytes = -1 },
        { "QueueLimit", options => options.QueueLimit = 0 },
        { "Threads", options => options.Threads = 65 },
    };

    [Theory]
    [MemberData(nameof(Broken))]
    public void FindFault_ValueOutsideItsRange_NamesIt(string name, Action<GenerationOptions> change)
    {
        var options = new GenerationOptions();
        Assert.Null(options.FindFault());

        change(options);

        Assert.StartsWith(name, options.FindFault(), StringComparison.Ordinal);
    }

    [Theory]
    // 24 KiB a token: a whole context is 48 MiB.
    [InlineData(16, null, true, 16 * 48L << 20)]
    [InlineData(64, null, true, 1L << 30)]
    [InlineData(16, 1024, true, 16 * 24L << 20)]
    [InlineData(16, 1024, false, 16 * 48L << 20)]
    public void MemoryOf_Decoder_IsWhatItsRowsCanTake(int rows, int? context, bool shares, long bytes)
    {
        var options = new GenerationOptions { MaxRows = rows, ContextLength = context, PrefixCacheBytes = 0 };

        Assert.Equal(bytes, options.MemoryOf(Decoder with { SharesPast = shares }));
    }

    [Fact]
    public void MemoryOf_SmallDecoder_KeepsNoMorePrefixesThanRows()
    {
        var options = new GenerationOptions { MaxRows = 1, ContextLength = 32 };

        Assert.Equal(2 * 32 * 24 << 10, options.MemoryOf(Decoder));
    }
}
