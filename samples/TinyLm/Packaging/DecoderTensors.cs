using TinyLm.Network;
using TinyLm.Numerics;

namespace TinyLm.Packaging;

/// <summary>The parameters under the names that a package's graph has for them.</summary>
internal static class DecoderTensors
{
    /// <summary>The matrix of a name; a norm is one row.</summary>
    /// <exception cref="ArgumentException">There is no such parameter.</exception>
    public static Matrix Find(DecoderWeights weights, string name)
    {
        var parts = name.Split('.');
        return parts switch
        {
            ["embedding"] => weights.Embedding,
            ["norm"] => new Matrix(weights.FinalNorm, 1, weights.Shape.Width),
            ["layers", var layer, var block, var part] when int.TryParse(layer, out var index) && index < weights.Shape.Layers =>
                OfLayer(weights, index, block, part),
            _ => throw new ArgumentException($"A decoder has no parameter '{name}'."),
        };
    }

    /// <summary>All names.</summary>
    public static IEnumerable<string> Names(DecoderShape shape)
    {
        string[] parts =
        [
            "attention.norm", "attention.q", "attention.k", "attention.v", "attention.o", "mlp.norm", "mlp.gate", "mlp.up", "mlp.down",
        ];
        var layers = Enumerable.Range(0, shape.Layers).SelectMany(layer => parts.Select(part => $"layers.{layer}.{part}"));
        return ["embedding", .. layers, "norm"];
    }

    /// <summary>A copy, row by row.</summary>
    public static float[] Read(DecoderWeights weights, string name)
    {
        var matrix = Find(weights, name);
        var values = new float[matrix.Rows * matrix.Columns];
        for (var row = 0; row < matrix.Rows; row++)
            matrix.Row(row).CopyTo(values.AsSpan(row * matrix.Columns));
        return values;
    }

    /// <summary>The reverse of <see cref="Read"/>.</summary>
    public static void Write(DecoderWeights weights, string name, ReadOnlySpan<float> values)
    {
        var matrix = Find(weights, name);
        if (values.Length != matrix.Rows * matrix.Columns)
            throw new ArgumentException($"'{name}' has {values.Length} numbers instead of {matrix.Rows} x {matrix.Columns}.");
        for (var row = 0; row < matrix.Rows; row++)
            values.Slice(row * matrix.Columns, matrix.Columns).CopyTo(matrix.Row(row));
    }

    private static Matrix OfLayer(DecoderWeights weights, int layer, string block, string part)
    {
        var shape = weights.Shape;
        return (block, part) switch
        {
            ("attention", "norm") => new Matrix(weights.AttentionNorm(layer), 1, shape.Width),
            ("attention", "q") => weights.Attention(layer).ColumnsFrom(0, shape.QueryWidth),
            ("attention", "k") => weights.Attention(layer).ColumnsFrom(shape.QueryWidth, shape.KeyWidth),
            ("attention", "v") => weights.Attention(layer).ColumnsFrom(shape.QueryWidth + shape.KeyWidth, shape.KeyWidth),
            ("attention", "o") => weights.Output(layer),
            ("mlp", "norm") => new Matrix(weights.FeedForwardNorm(layer), 1, shape.Width),
            ("mlp", "gate") => weights.GateUp(layer).ColumnsFrom(0, shape.Hidden),
            ("mlp", "up") => weights.GateUp(layer).ColumnsFrom(shape.Hidden, shape.Hidden),
            ("mlp", "down") => weights.Down(layer),
            _ => throw new ArgumentException($"A layer has no parameter '{block}.{part}'."),
        };
    }
}
