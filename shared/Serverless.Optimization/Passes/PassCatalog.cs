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
            [PassParameter.Flag("embeddings", true), PassParameter.Number("min", 1024, 1, 1e9)],
            settings => new ChannelInt8Pass(settings.Flag("embeddings"), (long)settings.Number("min"))),
        new(
            "int4",
            "Weights in blocks of 4 bits, which kernels read as they are.",
            Blocks("32"),
            settings => new BlockPass(4, settings)),
        new(
            "int8-block",
            "Weights in blocks of 8 bits, which kernels read as they are.",
            Blocks("128"),
            settings => new BlockPass(8, settings)),
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
        PassParameter.Number("min", 1024, 1, 1e9),
    ];
}
