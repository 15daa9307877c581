using Serverless.Inference.Generation.Memory;

namespace Serverless.Inference.Onnx.Decoding;

/// <summary>What every run of a decoder reads and writes beside keys and values, allocated once.</summary>
internal sealed class DecoderMemory : IDisposable
{
    public DecoderMemory(DecoderSession session, DecoderLimits limits)
    {
        var record = session.Record;
        var tokens = Math.Max(limits.Rows, limits.Chunk);
        Ids = new TokenInputs(tokens);
        Positions = new TokenInputs(tokens);
        Mask = new TokenInputs(checked(limits.Rows * (limits.Context + 1)));
        Logits = new LogitsBuffer(
            session.LogitsType, record.LogitsSize, record.LastLogitsOnly ? limits.Rows : Math.Max(limits.Rows, limits.Chunk));
    }

    public TokenInputs Ids { get; }

    public TokenInputs Positions { get; }

    public TokenInputs Mask { get; }

    public LogitsBuffer Logits { get; }

    /// <summary>Writes tokens of one row that come after <paramref name="start"/> others.</summary>
    public void WritePrompt(ReadOnlySpan<int> tokens, int start)
    {
        var ids = Ids.Of(1, tokens.Length);
        var positions = Positions.Of(1, tokens.Length);
        for (var i = 0; i < tokens.Length; i++)
        {
            ids[i] = tokens[i];
            positions[i] = start + i;
        }

        Mask.Of(1, start + tokens.Length).Fill(1);
    }

    public void Dispose()
    {
        Ids.Dispose();
        Positions.Dispose();
        Mask.Dispose();
        Logits.Dispose();
    }
}
