using Serverless.Contracts.Errors;
using Serverless.Inference.Generation;
using Serverless.Inference.Generation.Loop;
using Serverless.Inference.Generation.Sampling;

namespace Serverless.Inference.Tests.Generation.Loop;

public sealed class PieceBufferTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ReadAllAsync_SlowReader_GetsWhatCameMeanwhileInOnePiecePerChoice()
    {
        var buffer = new PieceBuffer(2);
        for (var i = 0; i < 1000; i++)
        {
            buffer.Add(0, "a", new TokenLogprob(i, 0, default, []), null);
            buffer.Add(1, "b", null, null);
        }

        buffer.Add(0, "", null, FinishReason.Stop);
        buffer.Add(1, "c", null, FinishReason.Length);
        buffer.Complete(null);

        var pieces = await ReadAsync(buffer);

        Assert.Equal([(0, new string('a', 1000)), (1, new string('b', 1000) + "c")], pieces.Select(piece => (piece.Choice, piece.Text)));
        Assert.Equal([FinishReason.Stop, FinishReason.Length], pieces.Select(piece => piece.Finish!.Value));
        Assert.Equal(Enumerable.Range(0, 1000), pieces[0].Tokens.Select(token => token.Token));
        Assert.Empty(pieces[1].Tokens);
    }

    [Fact]
    public async Task ReadAllAsync_FailureAfterText_GivesTheTextFirst()
    {
        var buffer = new PieceBuffer(1);
        buffer.Add(0, "so far", null, null);
        buffer.Complete(new InferenceException(ErrorKind.Internal, "It broke."));
        var seen = "";

        await Assert.ThrowsAsync<InferenceException>(async () =>
        {
            await foreach (var piece in buffer.ReadAllAsync(Token))
                seen += piece.Text;
        });

        Assert.Equal("so far", seen);
    }

    [Fact]
    public async Task ReadAllAsync_WhilePiecesCome_GivesAllTextInOrder()
    {
        var buffer = new PieceBuffer(1);
        var writing = Task.Run(
            () =>
            {
                for (var i = 0; i < 5000; i++)
                    buffer.Add(0, $"{i};", null, null);
                buffer.Complete(null);
            },
            Token);

        var text = string.Concat((await ReadAsync(buffer)).Select(piece => piece.Text));

        await writing;
        Assert.Equal(string.Concat(Enumerable.Range(0, 5000).Select(i => $"{i};")), text);
    }

    private static async Task<List<GenerationPiece>> ReadAsync(PieceBuffer buffer)
    {
        var pieces = new List<GenerationPiece>();
        await foreach (var piece in buffer.ReadAllAsync(Token))
            pieces.Add(piece);
        return pieces;
    }
}
