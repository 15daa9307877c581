using Serverless.Worker.Generation.Answers;
using Serverless.Worker.Serving;

namespace Serverless.Worker.Generation;

/// <summary>Takes pieces from the generator to the answer.</summary>
internal static class GenerationPump
{
    private const int LargestPending = 16 * 1024;

    /// <summary>Sends pieces as they come: the first at once, of the others what has come meanwhile together. Each gives the call its whole time anew.</summary>
    /// <param name="run">The request.</param>
    /// <param name="answer">What writes the events.</param>
    /// <param name="events">Where they go.</param>
    /// <param name="cancellation">The call's.</param>
    /// <param name="begun">Called when the first piece is there, and nothing of it has been sent.</param>
    public static async Task SendAsync(
        GenerationRun run, GenerationAnswer answer, EventStream events, CallCancellation cancellation, Action begun)
    {
        var isFirst = true;
        await using var pieces = run.ReadAllAsync().GetAsyncEnumerator();
        while (true)
        {
            var next = pieces.MoveNextAsync();
            if (!next.IsCompleted || events.Pending > LargestPending)
                await events.FlushAsync(cancellation.Token);
            if (!await next)
                break;
            cancellation.Prolong();
            if (isFirst)
                begun();
            answer.WritePiece(events, pieces.Current, pieces.Current.Finish is null ? default : run.Usage);
            if (isFirst)
                await events.FlushAsync(cancellation.Token);
            isFirst = false;
        }

        if (events.TellsUsage)
            events.WriteUsage(run.Usage.Tokens);
        answer.WriteEnd(events, run.Usage);
        await events.FlushAsync(cancellation.Token);
    }

    /// <summary>Gathers all texts, by choice.</summary>
    /// <param name="run">The request.</param>
    /// <param name="cancellation">What each piece gives its whole time anew; null where it is one for all.</param>
    public static async Task<IReadOnlyList<FinishedText>> GatherAsync(GenerationRun run, CallCancellation? cancellation)
    {
        var texts = new SortedDictionary<int, FinishedText>();
        await foreach (var piece in run.ReadAllAsync())
        {
            cancellation?.Prolong();
            if (!texts.TryGetValue(piece.Choice, out var text))
                texts.Add(piece.Choice, text = new FinishedText());
            text.Add(piece);
        }

        return [.. texts.Values];
    }
}
