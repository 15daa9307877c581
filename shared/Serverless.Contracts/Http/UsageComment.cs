using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace Serverless.Contracts.Http;

/// <summary>
/// How a stream of server-sent events tells what its request took: in a comment, which clients pass over. A trailer would be lost at an
/// ingress, and an event is the protocols' to define.
/// </summary>
public static class UsageComment
{
    private static ReadOnlySpan<byte> Start => ": usage "u8;

    /// <summary>Writes the comment.</summary>
    public static void Write(IBufferWriter<byte> events, long used) =>
        events.Write(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $": usage {used}\n\n")));

    /// <summary>What a comment among <paramref name="events"/> tells, of which the first begins with them; null when none does.</summary>
    public static long? Find(ReadOnlySpan<byte> events)
    {
        // The last one, and at the beginning of a line: JSON has no line breaks within its strings.
        var at = events.LastIndexOf(Start);
        return at >= 0 && (at == 0 || events[at - 1] == (byte)'\n') && Utf8Parser.TryParse(events[(at + Start.Length)..], out long used, out _)
            ? used
            : null;
    }
}
