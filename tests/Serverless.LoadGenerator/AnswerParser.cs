using System.Buffers.Text;

namespace Serverless.LoadGenerator;

/// <summary>Follows one HTTP/1.1 answer to its end, however it is cut up. Bodies are counted, not kept.</summary>
internal sealed class AnswerParser
{
    private const int MaxHeader = 16 << 10;

    private readonly byte[] _carried = new byte[MaxHeader];
    private int _carriedLength;
    private Part _part;
    private long _left;

    private enum Part
    {
        Header,
        Body,
        ChunkSize,
        Chunk,
        Trailer,
    }

    public int Status { get; private set; }

    public long BodyBytes { get; private set; }

    /// <summary>Reads on.</summary>
    /// <returns>Whether the answer is whole; <see cref="Status"/> and <see cref="BodyBytes"/> are its own then.</returns>
    /// <exception cref="InvalidDataException">It is not an answer that this generator understands.</exception>
    public bool Feed(ReadOnlySpan<byte> data)
    {
        while (true)
        {
            switch (_part)
            {
                case Part.Header:
                    if (!TakeUntil(ref data, "\r\n\r\n"u8, out var header))
                        return false;
                    ReadHeader(header);
                    _carriedLength = 0;
                    if (_part == Part.Header)
                        return Done(data);
                    break;
                case Part.Body:
                    Skip(ref data);
                    if (_left > 0)
                        return false;
                    return Done(data);
                case Part.ChunkSize:
                    if (!TakeUntil(ref data, "\r\n"u8, out var size))
                        return false;
                    ReadChunkSize(size);
                    _carriedLength = 0;
                    break;
                case Part.Chunk:
                    Skip(ref data);
                    if (_left > 0)
                        return false;
                    _part = Part.ChunkSize;
                    break;
                default:
                    // No server here sends trailers: the last chunk's own empty line ends the answer.
                    if (!TakeUntil(ref data, "\r\n"u8, out _))
                        return false;
                    _carriedLength = 0;
                    return Done(data);
            }
        }
    }

    /// <summary>Forgets the answer that a broken connection left half read.</summary>
    public void Reset()
    {
        _part = Part.Header;
        _carriedLength = 0;
    }

    private bool Done(ReadOnlySpan<byte> rest)
    {
        _part = Part.Header;
        return rest.IsEmpty ? true : throw new InvalidDataException("The server sent more than one answer to a request.");
    }

    private void Skip(ref ReadOnlySpan<byte> data)
    {
        var taken = (int)Math.Min(_left, data.Length);
        _left -= taken;
        data = data[taken..];
    }

    private bool TakeUntil(ref ReadOnlySpan<byte> data, ReadOnlySpan<byte> end, out ReadOnlySpan<byte> found)
    {
        if (_carriedLength == 0 && data.IndexOf(end) is >= 0 and var at)
        {
            found = data[..at];
            data = data[(at + end.Length)..];
            return true;
        }

        return TakeCarried(ref data, end, out found);
    }

    private bool TakeCarried(ref ReadOnlySpan<byte> data, ReadOnlySpan<byte> end, out ReadOnlySpan<byte> found)
    {
        var before = _carriedLength;
        var added = Math.Min(data.Length, MaxHeader - before);
        data[..added].CopyTo(_carried.AsSpan(before));
        _carriedLength += added;
        var at = _carried.AsSpan(0, _carriedLength).IndexOf(end);
        if (at < 0)
        {
            found = default;
            data = data[added..];
            return data.IsEmpty ? false : throw new InvalidDataException($"An answer's header is longer than {MaxHeader} bytes.");
        }

        found = _carried.AsSpan(0, at);
        data = data[(at + end.Length - before)..];
        return true;
    }

    private void ReadHeader(ReadOnlySpan<byte> header)
    {
        if (!header.StartsWith("HTTP/1.1 "u8) || !Utf8Parser.TryParse(header[9..], out int status, out _))
            throw new InvalidDataException("The server does not answer in HTTP/1.1.");
        Status = status;
        BodyBytes = 0;
        if (header.IndexOf("\r\nContent-Length: "u8) is >= 0 and var at)
        {
            if (!Utf8Parser.TryParse(header[(at + 18)..], out _left, out _))
                throw new InvalidDataException("An answer's length is not a number.");
            BodyBytes = _left;
            _part = _left > 0 ? Part.Body : Part.Header;
        }
        else if (header.IndexOf("\r\nTransfer-Encoding: chunked"u8) >= 0)
        {
            _part = Part.ChunkSize;
        }
        else
        {
            throw new InvalidDataException("An answer has neither a length nor chunks.");
        }
    }

    private void ReadChunkSize(ReadOnlySpan<byte> line)
    {
        // The line end behind a chunk's bytes reads as an empty size line.
        if (line.IsEmpty)
            return;
        if (!Utf8Parser.TryParse(line, out long size, out _, 'x'))
            throw new InvalidDataException("A chunk's size is not a hexadecimal number.");
        BodyBytes += size;
        _left = size;
        _part = size > 0 ? Part.Chunk : Part.Trailer;
    }
}
