using Serverless.Inference.Generation;
using Serverless.Inference.Generation.Memory;
using Serverless.Inference.Onnx;
using Serverless.Inference.Onnx.Decoding;
using Serverless.Models.Manifest;
using Serverless.SampleModels.Decoders;
using Serverless.TestKit;

namespace Serverless.Inference.Tests.Onnx.Decoding;

/// <summary>A decoder of random weights on this machine, as its builder wrote it.</summary>
internal sealed class TinyDecoder : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public TinyDecoder(DecoderShape shape)
    {
        Shape = shape;
        Session = OnnxSession.Open(DecoderBuilder.WriteRandom(_folder.Path, shape), ExecutionProvider.Cpu);
        Record = new DecoderRecord
        {
            SharesPast = shape.Kind == DecoderKind.GroupQuery,
            Layers = shape.Layers,
            KeyValueHeads = shape.KeyValueHeads,
            HeadSize = shape.HeadSize,
            HalfPrecision = shape.Half,
            ContextLength = shape.Context,
            LogitsSize = shape.Vocabulary,
            LastLogitsOnly = false,
            EndTokens = [ByteTokenizer.EndOfText],
            BeginToken = ByteTokenizer.EndOfText,
        };
    }

    public DecoderShape Shape { get; }

    public OnnxSession Session { get; }

    public DecoderRecord Record { get; init; }

    public IDecoder Open(GenerationOptions? options = null) =>
        DecoderFactory.Create(Session, Record, (options ?? new GenerationOptions()).LimitsOf(Record));

    /// <summary>Logits after a text that has the decoder to itself, and after each of the tokens that follow it.</summary>
    /// <param name="prompt">The text.</param>
    /// <param name="following">The tokens.</param>
    /// <param name="chunks">How many tokens of the text go in at once; null for as many as can.</param>
    public List<float[]> Alone(int[] prompt, IEnumerable<int> following, IReadOnlyList<int>? chunks = null)
    {
        using var decoder = Open();
        decoder.Reserve(1, Record.ContextLength);
        var row = decoder.Begin();
        foreach (var count in chunks ?? [.. prompt.Chunk(decoder.LongestChunk).Select(chunk => chunk.Length)])
            decoder.Prefill(row, prompt.AsSpan(row.Length, count));
        var logits = new List<float[]> { decoder.LogitsOf(row).ToArray() };
        decoder.Start(row);
        foreach (var token in following)
        {
            row.Token = token;
            decoder.Step();
            Assert.Null(row.Failure);
            logits.Add(decoder.LogitsOf(row).ToArray());
        }

        return logits;
    }

    public void Dispose()
    {
        Session.Dispose();
        _folder.Dispose();
    }
}
