using System.Text;
using Serverless.Inference.Generation;
using Serverless.Inference.Generation.Sampling;

namespace Serverless.Worker.Generation.Answers;

/// <summary>One continuation, gathered from its pieces.</summary>
internal sealed class FinishedText
{
    private readonly StringBuilder _text = new();
    private readonly List<TokenLogprob> _tokens = [];

    public string Text => _text.ToString();

    /// <summary>Its tokens with their log probabilities; empty unless asked for.</summary>
    public IReadOnlyList<TokenLogprob> Tokens => _tokens;

    public FinishReason? Finish { get; private set; }

    public void Add(GenerationPiece piece)
    {
        _text.Append(piece.Text);
        _tokens.AddRange(piece.Tokens);
        Finish = piece.Finish ?? Finish;
    }
}
