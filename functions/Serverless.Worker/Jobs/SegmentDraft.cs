using System.Buffers;
using Serverless.Contracts.Jobs;

namespace Serverless.Worker.Jobs;

/// <summary>Answers in memory that are not sealed yet, in input order.</summary>
/// <param name="message">The shard.</param>
/// <param name="first">Number of the first request.</param>
/// <param name="offset">Where its line begins.</param>
/// <param name="started">When work on it began, as a timestamp.</param>
internal sealed class SegmentDraft(ShardMessage message, int first, long offset, long started)
{
    private const int FirstError = 400;

    private readonly ArrayBufferWriter<byte> _output = new();
    private readonly ArrayBufferWriter<byte> _errors = new();
    private int _completed;
    private int _failed;
    private long _nextOffset = offset;
    private long _inputTokens;
    private long _outputTokens;

    public long Started => started;

    /// <summary>How many requests are answered.</summary>
    public int Lines => _completed + _failed;

    /// <summary>Number of the next request.</summary>
    public int Next => first + Lines;

    public long NextOffset => _nextOffset;

    public long Bytes => _output.WrittenCount + _errors.WrittenCount;

    /// <summary>Adds the answer to request <see cref="Next"/>.</summary>
    public void Add(LineAnswer answer, long nextOffset)
    {
        var isError = answer.Status >= FirstError;
        AnswerLine.WriteResponse(
            isError ? _errors : _output, message.Batch, Next, answer.CustomId, answer.Status, answer.Body.Span);
        if (isError)
        {
            _failed++;
        }
        else
        {
            _completed++;
            var (input, output) = AnswerUsage.Read(answer.Body.Span);
            _inputTokens += input;
            _outputTokens += output;
        }

        _nextOffset = nextOffset;
    }

    public SegmentInfo Describe(TimeSpan run) => new(
        first, Lines, _completed, _failed, _output.WrittenCount, _errors.WrittenCount, _nextOffset, (long)run.TotalMilliseconds,
        _inputTokens, _outputTokens);

    public Stream OpenContent()
    {
        var content = new MemoryStream(_output.WrittenCount + _errors.WrittenCount);
        content.Write(_output.WrittenSpan);
        content.Write(_errors.WrittenSpan);
        content.Position = 0;
        return content;
    }
}
