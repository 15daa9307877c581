using Serverless.Inference.Execution;
using Serverless.Inference.Generation;
using Serverless.Inference.Generation.Sampling;

namespace Serverless.Benchmarks.Generation;

/// <summary>The tokens of a greedy continuation, up to an end token.</summary>
internal static class GreedyText
{
    public static async Task<IReadOnlyList<int>> TokensAsync(
        TextGenerator generator, int[] prompt, int tokens, CancellationToken cancellationToken)
    {
        var request = new GenerationRequest
        {
            Prompt = prompt,
            MaxTokens = tokens,
            Logprobs = 0,
            Sampling = new SamplingOptions { Temperature = 0 },
        };
        var found = new List<int>();
        await foreach (var piece in generator.Start(request, RunTerms.Default, cancellationToken).ReadAllAsync())
            found.AddRange(piece.Tokens.Select(token => token.Token));
        return found;
    }
}
