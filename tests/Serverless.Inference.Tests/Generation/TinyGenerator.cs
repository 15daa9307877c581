using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Serverless.Inference.Diagnostics;
using Serverless.Inference.Execution;
using Serverless.Inference.Generation;
using Serverless.Inference.Generation.Loop;
using Serverless.Inference.Generation.Memory;
using Serverless.Inference.Generation.Text;
using Serverless.Inference.Tests.Onnx.Decoding;
using Serverless.SampleModels.Decoders;

namespace Serverless.Inference.Tests.Generation;

/// <summary>A generator over a tiny decoder of random weights, whose runs a test can hold up or fail.</summary>
internal sealed class TinyGenerator : IAsyncDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly DecoderTextGenerator _generator;

    public TinyGenerator(
        Action<GenerationOptions>? configure = null, DecoderKind kind = DecoderKind.GroupQuery, int context = 256, int? beginToken = 256)
    {
        var options = new GenerationOptions { MaxChunk = 16 };
        configure?.Invoke(options);
        Tiny = new TinyDecoder(DecoderShape.Tiny with { Kind = kind, Context = context });
        var record = Tiny.Record with { BeginToken = beginToken };
        Decoder = new WatchedDecoder(Tiny.Open(options));
        var meters = _services.GetRequiredService<IMeterFactory>();
        var serving = new ServingMeter("tiny", new InferenceMetrics(meters), Time);
        var meter = new GenerationMeter(new GenerationTags("tiny", "1"), options.LimitsOf(record).KvBytes, new GenerationMetrics(meters), serving, Time);
        var vocabulary = new GenerationVocabulary(new ByteText(record.LogitsSize), record.LogitsSize, record.EndTokens);
        _generator = new DecoderTextGenerator(
            record, new PackageText(vocabulary.Tokenizer, null), Decoder, new GenerationContext("tiny", options, vocabulary, meter, Time));
    }

    public FakeTimeProvider Time { get; } = new();

    public TinyDecoder Tiny { get; }

    public WatchedDecoder Decoder { get; }

    public IMeterFactory Meters => _services.GetRequiredService<IMeterFactory>();

    public TextGenerator Generator => _generator;

    /// <summary>Completes when the loop has ended.</summary>
    public Task Ended => _generator.Ended;

    public static GenerationRequest Ask(int tokens, params int[] prompt) => new()
    {
        Prompt = prompt,
        MaxTokens = tokens,
        Sampling = new() { Temperature = 0 },
        IgnoreEos = true,
        Logprobs = 0,
    };

    public TextGeneration Start(GenerationRequest request, RunTerms? terms = null, CancellationTokenSource? leaving = null) =>
        Generator.Start(request, terms ?? RunTerms.Default, leaving?.Token ?? TestContext.Current.CancellationToken);

    /// <summary>All pieces of a request.</summary>
    public static async Task<List<GenerationPiece>> ReadAsync(TextGeneration generation)
    {
        var pieces = new List<GenerationPiece>();
        await foreach (var piece in generation.ReadAllAsync())
            pieces.Add(piece);
        return pieces;
    }

    /// <summary>The text of one continuation.</summary>
    public static string TextOf(IEnumerable<GenerationPiece> pieces, int choice = 0) =>
        string.Concat(pieces.Where(piece => piece.Choice == choice).Select(piece => piece.Text));

    /// <summary>The greedy tokens after a prompt, from the decoder alone.</summary>
    public List<int> Greedy(int[] prompt, int count)
    {
        using var decoder = Tiny.Open();
        decoder.Reserve(1, Tiny.Record.ContextLength);
        var row = decoder.Begin();
        foreach (var chunk in prompt.Chunk(decoder.LongestChunk))
            decoder.Prefill(row, chunk);
        decoder.Start(row);
        var tokens = new List<int>();
        while (true)
        {
            row.Token = Best(decoder, row);
            tokens.Add(row.Token);
            if (tokens.Count == count)
                return tokens;
            decoder.Step();
        }
    }

    public void Close() => _generator.Dispose();

    public async ValueTask DisposeAsync()
    {
        Decoder.Gate.Set();
        Close();
        await Ended;
        Tiny.Dispose();
        await _services.DisposeAsync();
    }

    private static int Best(IDecoder decoder, DecoderRow row)
    {
        var logits = decoder.LogitsOf(row);
        return logits.IndexOf(System.Numerics.Tensors.TensorPrimitives.Max((ReadOnlySpan<float>)logits));
    }
}
