using Serverless.Optimization.Calibration;
using Serverless.Optimization.Quantization;

namespace Serverless.Optimization.Passes;

/// <summary>The passes there are.</summary>
public static class PassCatalog
{
    private static readonly string[] Sizes = [.. BlockFormat.Sizes.Select(size => $"{size}")];

    private static readonly PassKind[] Kinds =
    [
        new(
            "int8",
            "Weights as int8 with a scale for each channel, restored when the model is loaded.",
            [PassParameter.Flag("embeddings", true), Min()],
            settings => new ChannelInt8Pass(settings.Flag("embeddings"), (long)settings.Number("min"))),
        new(
            "int4",
            "Weights in blocks of 4 bits, which kernels read as they are.",
            Blocks("32"),
            settings => new BlockPass(4, settings))
        { IsCalibrated = true },
        new(
            "int8-block",
            "Weights in blocks of 8 bits, which kernels read as they are.",
            Blocks("128"),
            settings => new BlockPass(8, settings))
        { IsCalibrated = true },
        new(
            "int8-dynamic",
            "Matrices multiply in int8; what comes in is rounded as it comes.",
            [PassParameter.Flag("rows", true), Min()],
            settings => new DynamicInt8Pass(settings.Flag("rows"), (long)settings.Number("min"))),
        new(
            "int8-static",
            "Matrices and convolutions multiply in int8, in ranges seen on sample inputs.",
            [PassParameter.Choice("range", "minmax", [.. RangeRule.Names]), PassParameter.Number("percentile", 99.99, 90, 100), Min()],
            settings => new StaticInt8Pass(new RangeRule(settings.Text("range"), settings.Number("percentile")), (long)settings.Number("min")))
        { IsCalibrated = true },
        new(
            "fp16",
            "Weights and products in half precision, for devices that compute in it.",
            [PassParameter.Flag("embeddings", true), Min()],
            settings => new HalfPass(settings.Flag("embeddings"), (long)settings.Number("min"))),
        new(
            "prune",
            "The smallest weights become zero, which packs well.",
            [PassParameter.Number("sparsity", 0.3, 0, 0.999), PassParameter.Flag("embeddings", false), Min()],
            settings => new PrunePass(settings.Number("sparsity"), settings.Flag("embeddings"), (long)settings.Number("min"))),
        new(
            "prune-structured",
            "Whole neurons and attention heads go, those with the smallest weights.",
            [PassParameter.Number("neurons", 0.25, 0, 0.9), PassParameter.Number("heads", 0, 0, 0.9), Min()],
            settings => new StructuredPrunePass(settings.Number("neurons"), settings.Number("heads"), (long)settings.Number("min"))),
        new(
            "distill",
            "A student of the first layers, whose head is trained on the whole model's vectors.",
            [PassParameter.Whole("layers", 3, 1, 64), PassParameter.Whole("steps", 200, 1, 10_000)],
            settings => new DistillPass(settings.Whole("layers"), settings.Whole("steps")))
        { IsTrained = true },
        new(
            "dedupe",
            "Weights that are the same are stored once.",
            [Min()],
            settings => new DedupePass((long)settings.Number("min"))),
    ];

    /// <summary>Their names, for messages.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Kinds.Select(kind => kind.Name)];

    internal static IReadOnlyList<PassKind> All => Kinds;

    internal static PassKind? Find(string name) => Kinds.FirstOrDefault(kind => kind.Name == name);

    private static PassParameter[] Blocks(string size) =>
    [
        PassParameter.Choice("block", size, Sizes),
        PassParameter.Flag("symmetric", true),
        PassParameter.Flag("embeddings", true),
        // 4: the kernel also rounds what comes in to int8, row by row; 1: it computes in floats.
        PassParameter.Choice("accuracy", "4", "1", "4"),
        PassParameter.Choice("rounding", "nearest", "nearest", "gptq"),
        Min(),
    ];

    // Biases and norms are small, and precious.
    private static PassParameter Min() => PassParameter.Number("min", 1024, 1, 1e9);
}
