using System.Numerics.Tensors;
using TinyLm.Network;
using TinyLm.Numerics;

namespace TinyLm.Layers;

/// <summary>
/// Attention of one sequence, each position over itself and those before it. Works on blocks of rows, so that what lies right of the
/// diagonal is mostly never computed.
/// </summary>
internal static class CausalAttention
{
    private const int BlockRows = 64;

    /// <param name="shape">How the columns of <paramref name="attention"/> are heads.</param>
    /// <param name="attention">Queries, keys and values, turned; the rows are positions.</param>
    /// <param name="weights">Receives each head's weights, [heads · length, length].</param>
    /// <param name="output">Receives the heads beside each other.</param>
    public static void Forward(DecoderShape shape, Matrix attention, Matrix weights, Matrix output)
    {
        for (var head = 0; head < shape.Heads; head++)
        {
            for (var row = 0; row < attention.Rows; row += BlockRows)
                ForwardBlock(shape, attention, weights, output, head, row);
        }
    }

    /// <summary>
    /// Adds to the gradient of queries, keys and values; <paramref name="scratch"/> is as large as the weights of one block.
    /// </summary>
    public static void Backward(
        DecoderShape shape, Matrix attention, Matrix weights, Matrix outputGradient, Matrix attentionGradient, Span<float> scratch)
    {
        for (var head = 0; head < shape.Heads; head++)
        {
            for (var row = 0; row < attention.Rows; row += BlockRows)
                BackwardBlock(shape, attention, weights, outputGradient, attentionGradient, scratch, head, row);
        }
    }

    /// <summary>How many floats <see cref="Backward"/> needs.</summary>
    public static int ScratchSize(int length) => BlockRows * length;

    private static void ForwardBlock(DecoderShape shape, Matrix attention, Matrix weights, Matrix output, int head, int row)
    {
        var rows = Math.Min(BlockRows, attention.Rows - row);
        var seen = attention.RowsFrom(0, row + rows);
        var block = weights.Part((head * attention.Rows) + row, rows, 0, seen.Rows);
        Gemm.Multiply(Query(shape, seen, head).RowsFrom(row, rows), Key(shape, seen, head).Transposed, block);
        for (var i = 0; i < rows; i++)
        {
            var cells = block.Row(i);
            var past = cells[..(row + i + 1)];
            TensorPrimitives.Multiply(past, Scale(shape), past);
            TensorPrimitives.SoftMax<float>(past, past);
            cells[past.Length..].Clear();
        }

        Gemm.Multiply(block, Value(shape, seen, head), HeadOf(shape, output, head).RowsFrom(row, rows));
    }

    private static void BackwardBlock(
        DecoderShape shape, Matrix attention, Matrix weights, Matrix outputGradient, Matrix attentionGradient, Span<float> scratch,
        int head, int row)
    {
        var rows = Math.Min(BlockRows, attention.Rows - row);
        var seen = attention.RowsFrom(0, row + rows);
        var seenGradient = attentionGradient.RowsFrom(0, row + rows);
        var block = weights.Part((head * attention.Rows) + row, rows, 0, seen.Rows);
        var gradient = HeadOf(shape, outputGradient, head).RowsFrom(row, rows);
        var scores = new Matrix(scratch, rows, seen.Rows);
        Gemm.Multiply(block.Transposed, gradient, Value(shape, seenGradient, head), accumulate: true);
        Gemm.Multiply(gradient, Value(shape, seen, head).Transposed, scores);
        SoftMaxBackward(block, scores, Scale(shape));
        var queryGradient = Query(shape, seenGradient, head).RowsFrom(row, rows);
        Gemm.Multiply(scores, Key(shape, seen, head), queryGradient, accumulate: true);
        var query = Query(shape, seen, head).RowsFrom(row, rows);
        Gemm.Multiply(scores.Transposed, query, Key(shape, seenGradient, head), accumulate: true);
    }

    private static float Scale(DecoderShape shape) => 1 / MathF.Sqrt(shape.HeadSize);

    private static void SoftMaxBackward(Matrix weights, Matrix gradient, float scale)
    {
        for (var row = 0; row < weights.Rows; row++)
        {
            var cells = gradient.Row(row);
            TensorPrimitives.Subtract(cells, TensorPrimitives.Dot<float>(cells, weights.Row(row)), cells);
            TensorPrimitives.Multiply(cells, weights.Row(row), cells);
            TensorPrimitives.Multiply(cells, scale, cells);
        }
    }

    private static Matrix HeadOf(DecoderShape shape, Matrix heads, int head) => heads.ColumnsFrom(head * shape.HeadSize, shape.HeadSize);

    private static Matrix Query(DecoderShape shape, Matrix attention, int head) => HeadOf(shape, attention, head);

    private static Matrix Key(DecoderShape shape, Matrix attention, int head) =>
        HeadOf(shape, attention, shape.Heads + Group(shape, head));

    private static Matrix Value(DecoderShape shape, Matrix attention, int head) =>
        HeadOf(shape, attention, shape.Heads + shape.KeyValueHeads + Group(shape, head));

    private static int Group(DecoderShape shape, int head) => head / (shape.Heads / shape.KeyValueHeads);
}
