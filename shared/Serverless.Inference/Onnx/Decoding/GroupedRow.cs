using Serverless.Inference.Generation.Memory;

namespace Serverless.Inference.Onnx.Decoding;

/// <summary>A row that runs together with others.</summary>
internal sealed class GroupedRow(RowGroup group) : DecoderRow
{
    /// <summary>Where its keys and values lie.</summary>
    public RowGroup Group { get; set; } = group;

    /// <summary>Positions before its first token that mean nothing.</summary>
    public int Padding { get; set; }
}
