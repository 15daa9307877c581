using Serverless.Inference.Execution;
using Serverless.Inference.Generation;
using Serverless.Inference.Generation.Sampling;
using Serverless.Models.Manifest;
using Serverless.SampleModels.Decoders;
using Serverless.TestKit;
using Serverless.TestKit.GenAi;

namespace Serverless.Inference.Tests.Generation;

/// <summary>The engine against ONNX Runtime GenAI, which reads the very files that were pushed.</summary>
public sealed class GenAiComparisonTests : IDisposable
{
    private const int Tokens = 210;
    private const int Prompts = 3;

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(DecoderKind.GroupQuery)]
    [InlineData(DecoderKind.Optimum)]
    public async Task Start_Greedy_GivesTheTokensOfGenAi(DecoderKind kind)
    {
        var graph = DecoderBuilder.WriteRandom(_folder.Path, DecoderShape.Tiny with { Kind = kind });
        using var genAi = await GenAiProcess.StartAsync(_folder.Path, Token);
        var expected = await FindLongAsync(genAi);
        await using var engine = new Engine(time: TimeProvider.System) { MaxBatch = 8 };
        await engine.PushFilesAsync("tiny", ModelTasks.TextGeneration, graph);
        using var lease = await engine.Registry.AcquireAsync(Contracts.Models.ModelReference.Parse("tiny"), Token);

        // All at once, so that they share steps; alone, GenAI would not notice.
        var found = await Task.WhenAll(expected.Select(pair => GreedyAsync(lease.Generator!, pair.Prompt)));

        Assert.Equal(Prompts, expected.Count);
        Assert.All(expected.Zip(found), pair => Assert.Equal(pair.First.Text, pair.Second));
    }

    public void Dispose() => _folder.Dispose();

    // Random weights end many texts early: as many prompts are tried as it takes.
    private static async Task<List<(int[] Prompt, IReadOnlyList<int> Text)>> FindLongAsync(GenAiProcess genAi)
    {
        var found = new List<(int[], IReadOnlyList<int>)>();
        for (var seed = 0; found.Count < Prompts && seed < 100; seed++)
        {
            var random = new Random(seed);
            int[] prompt = [.. Enumerable.Range(0, 5 + (seed * 7 % 30)).Select(_ => random.Next(250))];
            var text = await genAi.GreedyAsync(prompt, Tokens, Token);
            if (text.Count == Tokens)
                found.Add((prompt, text));
        }

        return found;
    }

    private static async Task<IReadOnlyList<int>> GreedyAsync(TextGenerator generator, int[] prompt)
    {
        var request = new GenerationRequest
        {
            Prompt = prompt,
            MaxTokens = Tokens,
            Logprobs = 0,
            Sampling = new SamplingOptions { Temperature = 0 },
        };
        var tokens = new List<int>();
        await foreach (var piece in generator.Start(request, RunTerms.Default, Token).ReadAllAsync())
            tokens.AddRange(piece.Tokens.Select(token => token.Token));
        return tokens;
    }
}
