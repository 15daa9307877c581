using System.IO.Pipelines;
using System.Text;
using Serverless.Gateway.Forwarding.Streams;

namespace Serverless.Gateway.Tests.Forwarding.Streams;

public sealed class WholeEventsTests
{
    private const string Events = ": waiting\n\ndata: {\"a\":1}\n\ndata: b\r\n\r\ndata: [DONE]\n\n";

    [Fact]
    public async Task Copy_WhateverTheCut_GivesAllInOrder()
    {
        for (var step = 1; step <= Events.Length; step++)
        {
            using var client = new MemoryStream();
            Assert.True(await CopyAsync(client, lost: false, Events.Chunk(step).Select(part => new string(part)).ToArray()));
            Assert.Equal(Events, Encoding.UTF8.GetString(client.ToArray()));
        }
    }

    [Fact]
    public async Task Copy_LostWithinAnEvent_KeepsItsBeginningBack()
    {
        using var client = new MemoryStream();

        Assert.False(await CopyAsync(client, lost: true, "data: a\n\ndata: {\"half"));

        Assert.Equal("data: a\n\n", Encoding.UTF8.GetString(client.ToArray()));
    }

    [Fact]
    public async Task Copy_EventThatIsNotEnded_ComesAtTheEnd()
    {
        using var client = new MemoryStream();

        Assert.True(await CopyAsync(client, lost: false, "data: a\n\ndata: b"));

        Assert.Equal("data: a\n\ndata: b", Encoding.UTF8.GetString(client.ToArray()));
    }

    [Fact]
    public async Task Copy_EventLargerThanTheBuffer_GoesInParts()
    {
        var large = $"data: {new string('x', 200_000)}\n\n";
        using var client = new MemoryStream();

        Assert.True(await CopyAsync(client, lost: false, large));

        Assert.Equal(large, Encoding.UTF8.GetString(client.ToArray()));
    }

    private static async Task<bool> CopyAsync(Stream client, bool lost, params string[] parts)
    {
        var pipe = new Pipe(new PipeOptions(pauseWriterThreshold: 0));
        using var silence = new Silence(new CancellationTokenSource(), TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
        var copy = WholeEvents.CopyAsync(pipe.Reader.AsStream(), client, silence);
        foreach (var part in parts)
            await pipe.Writer.WriteAsync(Encoding.UTF8.GetBytes(part));
        // A pipe that is completed with an error forgets what was not read yet.
        while (lost && client.Length == 0)
            await Task.Delay(1);
        await pipe.Writer.CompleteAsync(lost ? new IOException("lost") : null);
        return await copy;
    }
}
