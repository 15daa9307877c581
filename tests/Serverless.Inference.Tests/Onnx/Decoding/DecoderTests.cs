using Serverless.Inference.Generation.Memory;
using Serverless.SampleModels.Decoders;

namespace Serverless.Inference.Tests.Onnx.Decoding;

/// <summary>What a text is answered does not depend on whom it runs with.</summary>
public sealed class DecoderTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Step_SlotsWithRandomJoinsAndLeaves_GivesTheBitsOfTheTextAlone(int seed)
    {
        using var tiny = new TinyDecoder(DecoderShape.Tiny);
        using var decoder = tiny.Open();
        var traffic = new RandomTraffic(decoder, seed);

        traffic.Run(steps: 120, maxRows: 9);

        Assert.True(traffic.MostRows > 4);
        foreach (var text in traffic.Texts)
        {
            // The prompt in the same chunks, so that what is compared is the batch alone.
            var alone = tiny.Alone(text.Prompt, text.Tokens.Take(text.Logits.Count), text.Chunks);
            for (var i = 0; i < text.Logits.Count; i++)
                Assert.Equal(alone[i + 1], text.Logits[i]);
        }
    }

    [Theory]
    [InlineData(DecoderKind.Optimum, false, 1e-4)]
    [InlineData(DecoderKind.GroupQuery, false, 1e-4)]
    [InlineData(DecoderKind.Optimum, true, 0.05)]
    [InlineData(DecoderKind.GroupQuery, true, 0.05)]
    public void Step_RandomJoinsAndLeaves_GivesTheLogitsOfTheTextAlone(DecoderKind kind, bool half, double tolerance)
    {
        using var tiny = new TinyDecoder(DecoderShape.Tiny with { Kind = kind, Half = half });
        using var decoder = tiny.Open();
        var traffic = new RandomTraffic(decoder, seed: 5);

        traffic.Run(steps: 60, maxRows: 7);

        Assert.True(traffic.MostRows > 3);
        foreach (var text in traffic.Texts)
        {
            var alone = tiny.Alone(text.Prompt, text.Tokens.Take(text.Logits.Count));
            Assert.InRange(Difference(alone[0], text.Chunked), 0, tolerance);
            for (var i = 0; i < text.Logits.Count; i++)
                Assert.InRange(Difference(alone[i + 1], text.Logits[i]), 0, tolerance);
        }
    }

    [Theory]
    [InlineData(DecoderKind.GroupQuery)]
    [InlineData(DecoderKind.Optimum)]
    public void Fork_OfAText_GoesItsOwnWay(DecoderKind kind)
    {
        using var tiny = new TinyDecoder(DecoderShape.Tiny with { Kind = kind });
        using var decoder = tiny.Open();
        decoder.Reserve(3, 64);
        var first = decoder.Begin();
        decoder.Prefill(first, [1, 2, 3, 4, 5]);
        decoder.Start(first);
        var (second, third) = (decoder.Fork(first), decoder.Fork(first));

        foreach (var (one, two, three) in new[] { (10, 20, 30), (11, 21, 31) })
        {
            (first.Token, second.Token, third.Token) = (one, two, three);
            decoder.Step();
        }

        Assert.InRange(Difference(tiny.Alone([1, 2, 3, 4, 5], [10, 11])[2], decoder.LogitsOf(first).ToArray()), 0, 1e-5);
        Assert.InRange(Difference(tiny.Alone([1, 2, 3, 4, 5], [20, 21])[2], decoder.LogitsOf(second).ToArray()), 0, 1e-5);
        Assert.InRange(Difference(tiny.Alone([1, 2, 3, 4, 5], [30, 31])[2], decoder.LogitsOf(third).ToArray()), 0, 1e-5);
    }

    [Theory]
    [InlineData(DecoderKind.GroupQuery)]
    [InlineData(DecoderKind.Optimum)]
    public void Load_BlocksOfAnotherText_GoesOnAsThatDid(DecoderKind kind)
    {
        using var tiny = new TinyDecoder(DecoderShape.Tiny with { Kind = kind });
        using var decoder = tiny.Open();
        using var prefixes = new PrefixCache(decoder.Shape, 1 << 20);
        int[] prompt = [.. Enumerable.Range(0, 64 + 16)];
        decoder.Reserve(1, 128);
        var row = decoder.Begin();
        decoder.Prefill(row, prompt.AsSpan(0, 64));
        prefixes.Store("", prompt.AsMemory(0, 64), decoder.Locate(row), null);
        decoder.End(row);

        var again = decoder.Begin();
        decoder.Load(again, prefixes.Find("", prompt));
        Assert.Equal(64, again.Length);
        decoder.Prefill(again, prompt.AsSpan(64));

        Assert.InRange(Difference(tiny.Alone(prompt, [])[0], decoder.LogitsOf(again).ToArray()), 0, 1e-4);
    }

    private static float Difference(float[] one, float[] other) => one.Zip(other, (x, y) => Math.Abs(x - y)).Max();
}
