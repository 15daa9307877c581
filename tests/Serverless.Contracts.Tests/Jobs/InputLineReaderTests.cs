using System.Text;
using Serverless.Contracts.Jobs;

namespace Serverless.Contracts.Tests.Jobs;

public sealed class InputLineReaderTests
{
    [Theory]
    [InlineData("a\nb\n", "1@0:a 2@2:b")]
    [InlineData("a\r\nb", "1@0:a 2@3:b")]
    [InlineData("\n \t\na\n\n\r\nb\n\n", "3@4:a 6@9:b")]
    [InlineData("", "")]
    [InlineData("\n", "")]
    public async Task Read_LineEnds_GivesLinesWithNumberAndOffset(string text, string expected)
    {
        var found = await ReadAsync(new MemoryStream(Encoding.UTF8.GetBytes(text)));

        Assert.Equal(expected, string.Join(' ', found));
    }

    [Fact]
    public async Task Read_LinesAroundTheBuffersSize_AreWhole()
    {
        var lines = Enumerable.Range(0, 40).Select(i => new string((char)('a' + i % 26), i * 40_000 + 1)).ToList();
        var text = Encoding.UTF8.GetBytes(string.Join("\r\n", lines));
        var reader = new InputLineReader(new DribblingStream(text));

        foreach (var line in lines)
        {
            var read = await reader.ReadAsync(TestContext.Current.CancellationToken);
            Assert.True(read!.Value.Content.Span.SequenceEqual(Encoding.UTF8.GetBytes(line)));
            Assert.Equal(read.Value.Offset, text.AsSpan().IndexOf(Encoding.UTF8.GetBytes(line + "\r")) is var at and >= 0 ? at : read.Value.Offset);
        }

        Assert.Null(await reader.ReadAsync(TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData(JobLimits.MaxLineBytes, false)]
    [InlineData(JobLimits.MaxLineBytes + 1, true)]
    [InlineData(10_000_000, true)]
    [InlineData(30_000_000, true)]
    public async Task Read_LongLine_IsSkippedBeyondTheLimit(int length, bool tooLong)
    {
        var text = new byte[2 + length + 1 + 1];
        text.AsSpan().Fill((byte)'x');
        text[1] = (byte)'\n';
        text[^2] = (byte)'\n';
        var reader = new InputLineReader(new MemoryStream(text));

        Assert.Equal(1, (await reader.ReadAsync(TestContext.Current.CancellationToken))!.Value.Content.Length);
        var second = (await reader.ReadAsync(TestContext.Current.CancellationToken))!.Value;
        Assert.Equal((2, 2L, tooLong, text.Length - 1L), (second.Number, second.Offset, second.IsTooLong, second.NextOffset));
        var last = (await reader.ReadAsync(TestContext.Current.CancellationToken))!.Value;
        Assert.Equal((3, text.Length - 1L, 1), (last.Number, last.Offset, last.Content.Length));
    }

    private static async Task<List<string>> ReadAsync(Stream stream)
    {
        var reader = new InputLineReader(stream);
        var found = new List<string>();
        while (await reader.ReadAsync(TestContext.Current.CancellationToken) is { } line)
            found.Add($"{line.Number}@{line.Offset}:{Encoding.UTF8.GetString(line.Content.Span)}");
        return found;
    }

    /// <summary>Gives an odd number of bytes at a time, as networks do.</summary>
    private sealed class DribblingStream(byte[] content) : MemoryStream(content)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(buffer.Length, 77_777)], cancellationToken);
    }
}
