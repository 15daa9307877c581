using Serverless.Inference.Onnx.Preparation.Decoders;

namespace Serverless.Optimization.Evaluation;

/// <summary>How well a decoder foretells texts.</summary>
/// <param name="NatsPerToken">The mean of what each token surprised it by.</param>
/// <param name="Choices">The token that it held most likely at each place.</param>
internal sealed record DecoderScore(double NatsPerToken, IReadOnlyList<int> Choices)
{
    /// <summary>Token by token over keys and values, as it is served.</summary>
    public static async Task<DecoderScore> OfAsync(ServedVersion version, IReadOnlyList<int[]> windows, CancellationToken cancellationToken)
    {
        using var session = await version.OpenAsync(cancellationToken);
        var runs = new DecoderRuns(session, version.Manifest.Decoder!);
        // Those that were not proved to run together run alone.
        var together = Math.Max(1, version.Manifest.Batching?.MaxBatch ?? 1);
        var (nats, choices) = (0.0, new List<int>());
        foreach (var group in windows.Chunk(together))
            await Task.Run(() => nats += Score(runs, group, choices, cancellationToken), cancellationToken);
        return new DecoderScore(nats / choices.Count, choices);
    }

    private static double Score(DecoderRuns runs, int[][] windows, List<int> choices, CancellationToken cancellationToken)
    {
        var nats = 0.0;
        var states = windows.Select(_ => runs.Begin()).ToList();
        var shortest = windows.Min(window => window.Length);
        for (var place = 0; place + 1 < shortest; place++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var answers = runs.Step(states, [.. windows.Select(window => (long)window[place])]);
            for (var row = 0; row < windows.Length; row++)
            {
                nats += Surprise(answers[row].Logits, windows[row][place + 1]);
                choices.Add(answers[row].Logits.AsSpan().IndexOf(answers[row].Logits.Max()));
            }

            states = [.. answers.Select(answer => answer.State)];
        }

        return nats;
    }

    private static double Surprise(double[] logits, int token)
    {
        var largest = logits.Max();
        return largest + Math.Log(logits.Sum(logit => Math.Exp(logit - largest))) - logits[token];
    }
}
