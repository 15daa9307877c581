using System.Threading.Channels;
using Serverless.Contracts.Errors;
using Serverless.Inference.Execution;
using Serverless.Inference.Generation;

namespace Serverless.Worker.Generation;

/// <summary>The generations of one request, one for each prompt, under way together. Ends them when it is disposed.</summary>
internal sealed class GenerationRun : IDisposable
{
    // Readers copy what has come already; how much may come is the generator's concern.
    private const int Ahead = 64;

    private readonly CancellationTokenSource _end;
    private readonly List<TextGeneration> _generations = [];
    private readonly int _choices;
    private readonly GenerationSpan? _span;

    private GenerationRun(int choices, GenerationSpan? span, CancellationToken cancellationToken)
    {
        (_choices, _span) = (choices, span);
        _end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
    }

    /// <summary>What all of them took so far.</summary>
    public GenerationUsage Usage => new(
        _generations.Sum(generation => generation.Usage.PromptTokens),
        _generations.Sum(generation => generation.Usage.CachedTokens),
        _generations.Sum(generation => generation.Usage.CompletionTokens))
    {
        Device = new TimeSpan(_generations.Sum(generation => generation.Usage.Device.Ticks)),
    };

    /// <summary>How long the last of them waited to be let in.</summary>
    public TimeSpan Queue => _generations.Select(generation => generation.Queue).DefaultIfEmpty().Max();

    /// <summary>Queues <paramref name="requests"/>; all are taken, or none.</summary>
    /// <param name="generator">The model's generator.</param>
    /// <param name="requests">One for each prompt.</param>
    /// <param name="span">Their span, which ends with the run; null where they are not sampled.</param>
    /// <param name="terms">On what terms they wait.</param>
    /// <param name="cancellationToken">Ends them.</param>
    /// <exception cref="InferenceException">One was refused.</exception>
    public static GenerationRun Start(
        TextGenerator generator, IReadOnlyList<GenerationRequest> requests, GenerationSpan? span, RunTerms terms, CancellationToken cancellationToken)
    {
        var run = new GenerationRun(requests[0].Choices, span, cancellationToken);
        try
        {
            foreach (var request in requests)
                run._generations.Add(generator.Start(request, terms, run._end.Token));
            return run;
        }
        catch (Exception error)
        {
            span?.Fail(error);
            run.Dispose();
            throw;
        }
    }

    /// <summary>All pieces as they come; choices are counted over prompts and their continuations.</summary>
    public IAsyncEnumerable<GenerationPiece> ReadAllAsync()
    {
        var pieces = _generations.Count == 1 ? _generations[0].ReadAllAsync() : MergeAsync();
        return _span?.FollowAsync(pieces) ?? pieces;
    }

    public void Dispose()
    {
        _span?.End(Usage, Queue);
        _end.Cancel();
        _end.Dispose();
    }

    private async IAsyncEnumerable<GenerationPiece> MergeAsync()
    {
        var pieces = Channel.CreateBounded<GenerationPiece>(new BoundedChannelOptions(Ahead) { SingleReader = true });
        var copying = Task.WhenAll(_generations.Select((generation, index) => CopyAsync(generation, index * _choices, pieces.Writer)));
        var closing = CloseAsync(copying, pieces.Writer);
        await foreach (var piece in pieces.Reader.ReadAllAsync())
            yield return piece;
        await closing;
    }

    private static async Task CloseAsync(Task copying, ChannelWriter<GenerationPiece> pieces)
    {
        await copying;
        pieces.TryComplete();
    }

    private async Task CopyAsync(TextGeneration generation, int first, ChannelWriter<GenerationPiece> pieces)
    {
        try
        {
            await foreach (var piece in generation.ReadAllAsync())
                await pieces.WriteAsync(piece with { Choice = first + piece.Choice }, _end.Token);
        }
#pragma warning disable CA1031 // Whatever it is, the reader of the channel throws it.
        catch (Exception error)
#pragma warning restore CA1031
        {
            pieces.TryComplete(error);
        }
    }
}
