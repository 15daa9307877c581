using Serverless.Inference.Generation.Memory;

namespace Serverless.Inference.Generation.Loop;

/// <summary>A request whose prompt goes in.</summary>
internal sealed class Prefilling(DecoderGeneration generation, DecoderRow row)
{
    public DecoderGeneration Generation => generation;

    public DecoderRow Row => row;

    /// <summary>How far the prompt is kept for later ones.</summary>
    public PrefixEnd? Kept { get; set; }
}
