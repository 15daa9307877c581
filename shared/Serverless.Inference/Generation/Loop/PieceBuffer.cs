using System.Runtime.CompilerServices;
using System.Text;
using System.Threading.Channels;
using Serverless.Inference.Generation.Sampling;

namespace Serverless.Inference.Generation.Loop;

/// <summary>
/// Hands a request's pieces from the loop to its reader. What the reader has not taken yet grows together to one piece per continuation,
/// so that a slow one holds up nobody and takes no more memory than its text.
/// </summary>
internal sealed class PieceBuffer
{
    private readonly Lock _gate = new();
    private readonly Channel<bool> _signal = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    private readonly Pending[] _pending;
    private int _next;
    private bool _isComplete;
    private Exception? _error;

    public PieceBuffer(int choices)
    {
        _pending = new Pending[choices];
        for (var choice = 0; choice < choices; choice++)
            _pending[choice] = new Pending();
    }

    /// <summary>Adds to the pieces of a continuation.</summary>
    public void Add(int choice, string text, TokenLogprob? token, FinishReason? finish)
    {
        if (text.Length == 0 && token is null && finish is null)
            return;
        lock (_gate)
            _pending[choice].Add(text, token, finish);
        _signal.Writer.TryWrite(true);
    }

    /// <summary>Says that nothing more comes.</summary>
    /// <param name="error">Why it ended before its end; null when it did not.</param>
    public void Complete(Exception? error)
    {
        lock (_gate)
        {
            if (_isComplete)
                return;
            (_isComplete, _error) = (true, error);
        }

        _signal.Writer.TryWrite(true);
    }

    public async IAsyncEnumerable<GenerationPiece> ReadAllAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (TryTake(out var piece, out var isComplete))
                yield return piece;
            else if (isComplete)
                break;
            else
                await _signal.Reader.ReadAsync(cancellationToken);
        }

        if (_error is { } error)
            throw error;
    }

    private bool TryTake(out GenerationPiece piece, out bool isComplete)
    {
        lock (_gate)
        {
            isComplete = _isComplete;
            for (var i = 0; i < _pending.Length; i++)
            {
                var choice = (_next + i) % _pending.Length;
                if (!_pending[choice].HasAny)
                    continue;
                _next = choice + 1;
                piece = _pending[choice].Take(choice);
                return true;
            }
        }

        piece = default;
        return false;
    }

    private sealed class Pending
    {
        private string _text = "";
        private StringBuilder? _longer;
        private List<TokenLogprob>? _tokens;
        private FinishReason? _finish;

        public bool HasAny { get; private set; }

        public void Add(string text, TokenLogprob? token, FinishReason? finish)
        {
            if (_longer is not null)
                _longer.Append(text);
            else if (_text.Length == 0)
                _text = text;
            else
                _longer = new StringBuilder(_text).Append(text);
            if (token is not null)
                (_tokens ??= []).Add(token);
            _finish ??= finish;
            HasAny = true;
        }

        public GenerationPiece Take(int choice)
        {
            var piece = new GenerationPiece(choice, _longer?.ToString() ?? _text, _tokens ?? (IReadOnlyList<TokenLogprob>)[], _finish);
            (_text, _longer, _tokens, _finish, HasAny) = ("", null, null, null, false);
            return piece;
        }
    }
}
