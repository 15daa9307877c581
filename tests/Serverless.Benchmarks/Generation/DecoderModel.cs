using Serverless.SampleModels.Decoders;

namespace Serverless.Benchmarks.Generation;

/// <summary>The decoders that are measured.</summary>
internal static class DecoderModel
{
    public const string Grouped = "decoder110m-gqa";
    public const string Plain = "decoder110m-optimum";

    public static DecoderShape ShapeOf(string name) =>
        DecoderShape.Random110M with { Kind = name == Grouped ? DecoderKind.GroupQuery : DecoderKind.Optimum };
}
