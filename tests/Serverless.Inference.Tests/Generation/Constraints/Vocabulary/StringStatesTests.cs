using System.Text.Json;
using Serverless.Inference.Generation.Constraints.Vocabulary;

namespace Serverless.Inference.Tests.Generation.Constraints.Vocabulary;

public sealed class StringStatesTests
{
    [Fact]
    public void Next_RandomBytes_CloseExactlyWhatAParserReads()
    {
        // Pieces that make valid strings likely and every kind of fault common.
        byte[][] pieces =
        [
            "a"u8.ToArray(), "\\n"u8.ToArray(), "\\"u8.ToArray(), "\\u12Fa"u8.ToArray(), "\\ud83d"u8.ToArray(), "\\uDE00"u8.ToArray(), "\\ud7ff"u8.ToArray(),
            "\\u00"u8.ToArray(), "é"u8.ToArray(), "日"u8.ToArray(), "😀"u8.ToArray(), [0xC3], [0x9F], [0xE0, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90], [0x7F], [0x1F],
            [0xF0, 0x9F, 0x98], [0x80], [0xFF], "/"u8.ToArray(),
        ];
        var random = new Random(3);
        var closed = 0;
        for (var round = 0; round < 20_000; round++)
        {
            byte[] text = [.. Enumerable.Range(0, random.Next(4)).SelectMany(_ => pieces[random.Next(pieces.Length)]), (byte)'"'];

            var state = text.Aggregate(StringStates.Body, StringStates.Next);

            closed += state == StringStates.Closed ? 1 : 0;
            Assert.Equal(Parses([(byte)'"', .. text]), state == StringStates.Closed);
        }

        Assert.InRange(closed, 2_000, 18_000);
    }

    private static bool Parses(byte[] text)
    {
        try
        {
            using var json = JsonDocument.Parse(text);
            json.RootElement.GetString();
            return true;
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            return false;
        }
    }
}
