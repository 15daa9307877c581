namespace Serverless.Contracts.Jobs;

/// <summary>
/// Reads lines of JSON from a stream, as both sides understand them: they end in LF or CRLF, the last end may be missing, and lines of white
/// space alone are no requests. Memory is bounded by the longest line, not by the input.
/// </summary>
/// <param name="stream">The input, from <paramref name="offset"/> on; stays open.</param>
/// <param name="offset">Where the stream begins in the input, in bytes.</param>
public sealed class InputLineReader(Stream stream, long offset = 0)
{
    private const int SmallBuffer = 256 * 1024;

    private byte[] _buffer = new byte[SmallBuffer];
    private int _start;
    private int _end;
    private int _searched;
    private long _offset = offset;
    private int _number;
    private bool _ended;

    /// <summary>The next line that is not empty, or null at the end.</summary>
    public async ValueTask<InputLine?> ReadAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var found = _buffer.AsSpan(_searched, _end - _searched).IndexOf((byte)'\n');
            if (found >= 0)
            {
                if (Take(_searched + found, lineFeed: 1) is { } line)
                    return line;
                continue;
            }

            _searched = _end;
            if (_ended)
                return _start == _end ? null : Take(_end, lineFeed: 0);
            if (_end - _start > JobLimits.MaxLineBytes + 1)
                return await SkipAsync(cancellationToken);
            await FillAsync(cancellationToken);
        }
    }

    private InputLine? Take(int end, int lineFeed)
    {
        var content = _buffer.AsMemory(_start, end - _start);
        if (!content.IsEmpty && content.Span[^1] == '\r')
            content = content[..^1];
        var (begin, length) = (_offset, end - _start + lineFeed);
        _start = _searched = end + lineFeed;
        _offset += length;
        _number++;
        if (content.Span.IndexOfAnyExcept(" \t\r"u8) < 0)
            return null;
        return content.Length > JobLimits.MaxLineBytes
            ? new InputLine(_number, begin, default, _offset, IsTooLong: true)
            : new InputLine(_number, begin, content, _offset, IsTooLong: false);
    }

    private async ValueTask FillAsync(CancellationToken cancellationToken)
    {
        if (_end == _buffer.Length)
        {
            // Two thirds of a line that is still growing are worth a larger buffer; otherwise what is left moves to the front.
            var target = _end - _start > _buffer.Length / 3 * 2 ? new byte[_buffer.Length * 2] : _buffer;
            _buffer.AsSpan(_start, _end - _start).CopyTo(target);
            (_buffer, _searched, _end, _start) = (target, _searched - _start, _end - _start, 0);
        }

        var read = await stream.ReadAsync(_buffer.AsMemory(_end), cancellationToken);
        _end += read;
        _ended = read == 0;
    }

    /// <summary>Passes over a line that is too long, without keeping it.</summary>
    private async ValueTask<InputLine> SkipAsync(CancellationToken cancellationToken)
    {
        var begin = _offset;
        while (true)
        {
            var found = _buffer.AsSpan(_start, _end - _start).IndexOf((byte)'\n');
            var passed = found < 0 ? _end - _start : found + 1;
            _offset += passed;
            _start += passed;
            _searched = _start;
            if (found >= 0 || _ended)
                return new InputLine(++_number, begin, default, _offset, IsTooLong: true);
            (_start, _end, _searched) = (0, 0, 0);
            await FillAsync(cancellationToken);
        }
    }
}
