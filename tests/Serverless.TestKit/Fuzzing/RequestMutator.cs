using System.Globalization;
using System.Text;

namespace Serverless.TestKit.Fuzzing;

/// <summary>Makes broken requests of valid ones, the same for the same seed.</summary>
/// <param name="seed">Of the random numbers.</param>
public sealed class RequestMutator(int seed)
{
    // What breaks parsers: ends of structures, numbers at the edges, halves of characters, depth.
    private static readonly string[] Pieces =
    [
        "{", "}", "[", "]", ",", ":", "\"", "\\", "\\u", "\\ud800", "null", "true", "NaN", "-", "-0", "1e", "1e999", "1e-999", "0.0", "00",
        "9223372036854775808", "18446744073709551616", "-1", "4294967296", "2147483647", "\"data\"", "\"shape\"", "\"inputs\"", "\"name\"",
        "\"binary_data_size\":", "\"\\ud800\":1,", "[[[[[[[[", new string('[', 70), new string('9', 400), "\0", "\u00e4", "\u2028", " ", "\n",
    ];

    private static readonly string[] Lengths = ["-1", "0", "1", "8", "99", "4096", "2147483647", "2147483648", "99999999999999999999", "x", ""];

    private readonly Random _random = new(seed);

    /// <summary>The next request, as it goes over the wire, and whether its length is a lie: then nothing more may be sent after it.</summary>
    public (byte[] Bytes, bool Last) Next()
    {
        var origin = FuzzSeeds.All[_random.Next(FuzzSeeds.All.Count)];
        var headers = origin.Headers.ToList();
        var body = origin.Body;
        for (var count = _random.Next(5); count > 0; count--)
            body = MutateBody(body);
        if (_random.Next(4) == 0)
            MutateHeader(headers);
        var length = body.Length.ToString(CultureInfo.InvariantCulture);
        var lies = _random.Next(20) == 0;
        if (lies)
            length = _random.Next(2) == 0 ? Lengths[_random.Next(Lengths.Length)] : $"{_random.Next(body.Length * 2 + 1)}";
        var path = _random.Next(20) == 0 ? MutatePath(origin.Path) : origin.Path;
        var head = new StringBuilder($"POST {path} HTTP/1.1\r\nHost: x\r\n");
        foreach (var (name, value) in headers)
            head.Append(name).Append(": ").Append(value).Append("\r\n");
        head.Append("Content-Length: ").Append(length).Append("\r\n\r\n");
        return ([.. Encoding.Latin1.GetBytes(head.ToString()), .. body], lies);
    }

    private byte[] MutateBody(byte[] body)
    {
        var at = _random.Next(body.Length + 1);
        switch (_random.Next(7))
        {
            case 0 when body.Length > 0:
                var flipped = (byte[])body.Clone();
                flipped[_random.Next(body.Length)] ^= (byte)(1 << _random.Next(8));
                return flipped;
            case 1 when body.Length > 0:
                var set = (byte[])body.Clone();
                set[_random.Next(body.Length)] = (byte)_random.Next(256);
                return set;
            case 2:
                return body[..at];
            case 3:
                return [.. body[..at], .. body[Math.Min(body.Length, at + _random.Next(1, 20))..]];
            case 4:
                return [.. body[..at], .. body[_random.Next(at + 1)..]];
            case 5:
                return Replace(body);
            default:
                return [.. body[..at], .. Encoding.UTF8.GetBytes(Pieces[_random.Next(Pieces.Length)]), .. body[at..]];
        }
    }

    // A number in the JSON becomes another one, which keeps the rest valid: it reaches what only shapes and sizes reach.
    private byte[] Replace(byte[] body)
    {
        var start = _random.Next(body.Length + 1);
        while (start < body.Length && !char.IsAsciiDigit((char)body[start]))
            start++;
        var end = start;
        while (end < body.Length && char.IsAsciiDigit((char)body[end]))
            end++;
        return [.. body[..start], .. Encoding.ASCII.GetBytes(Pieces[_random.Next(11, 27)]), .. body[end..]];
    }

    private void MutateHeader(List<(string Name, string Value)> headers)
    {
        var at = _random.Next(headers.Count);
        switch (_random.Next(5))
        {
            case 0:
                headers.RemoveAt(at);
                break;
            case 1:
                headers.Add(headers[at]);
                break;
            case 2:
                headers.Add(("Inference-Header-Content-Length", Lengths[_random.Next(Lengths.Length)]));
                break;
            case 3:
                headers.Add(("Content-Encoding", new[] { "gzip", "deflate", "br", "gzip, gzip" }[_random.Next(4)]));
                break;
            default:
                headers[at] = (headers[at].Name, Lengths[_random.Next(Lengths.Length)]);
                break;
        }
    }

    private string MutatePath(string path)
    {
        var at = _random.Next(1, path.Length);
        return path[..at] + new[] { "/", "%2F", "%00", ":", ":prod", "a", "..", "%ff", "é" }[_random.Next(9)] + path[at..];
    }
}
