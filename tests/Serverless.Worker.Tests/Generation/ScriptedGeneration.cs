using System.Threading.Channels;
using Serverless.Inference.Generation;

namespace Serverless.Worker.Tests.Generation;

/// <summary>A generation whose pieces a test writes.</summary>
internal sealed class ScriptedGeneration(int promptTokens = 3) : TextGeneration
{
    private readonly Channel<GenerationPiece> _pieces = Channel.CreateUnbounded<GenerationPiece>();
    private int _tokens;

    public override GenerationUsage Usage => new(promptTokens, 1, _tokens);

    public override TimeSpan Queue => TimeSpan.Zero;

    public CancellationToken Cancelled { get; init; }

    /// <summary>A generation that has come to its end: each text one piece, the last of a choice with <paramref name="finish"/>.</summary>
    public static ScriptedGeneration Of(FinishReason finish, params (int Choice, string Text)[] pieces)
    {
        var generation = new ScriptedGeneration();
        for (var i = 0; i < pieces.Length; i++)
        {
            var isLast = !pieces.Skip(i + 1).Any(later => later.Choice == pieces[i].Choice);
            generation.Write(pieces[i].Choice, pieces[i].Text, isLast ? finish : null);
        }

        generation.Complete();
        return generation;
    }

    public void Write(int choice, string text, FinishReason? finish = null)
    {
        _tokens++;
        _pieces.Writer.TryWrite(new GenerationPiece(choice, text, [], finish));
    }

    public void Complete(Exception? error = null) => _pieces.Writer.TryComplete(error);

    public override IAsyncEnumerable<GenerationPiece> ReadAllAsync() => _pieces.Reader.ReadAllAsync(Cancelled);
}
