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

    public void Dispose()
    {
        Ids.Dispose();
        Positions.Dispose();
        Mask.Dispose();
        Logits.Dispose();
    }
}
