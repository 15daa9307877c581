using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace TinyLm.Numerics;

/// <summary>
/// Products of matrices, which are most of the time of a training step. The right side is copied into panels of 32 columns that stay in
/// the first cache; four rows of the left side are then multiplied with a panel in registers. One thread: batches are what is spread
/// over processors.
/// </summary>
internal static class Gemm
{
    private const int PanelWidth = 32;
    private const int Lane = 16;
    private const int BlockRows = 4;

    [ThreadStatic]
    private static float[]? _panel;

    /// <summary><paramref name="target"/> = <paramref name="left"/> · <paramref name="right"/>, or += where it accumulates.</summary>
    public static void Multiply(Matrix left, Matrix right, Matrix target, bool accumulate = false)
    {
        if (left.Columns != right.Rows || left.Rows != target.Rows || right.Columns != target.Columns || target.ColumnStride != 1)
            throw new ArgumentException("The shapes of the product's matrices do not fit.");
        var depth = left.Columns;
        if (_panel is null || _panel.Length < depth * PanelWidth)
            _panel = new float[depth * PanelWidth];
        for (var column = 0; column < target.Columns; column += PanelWidth)
        {
            var columns = Math.Min(PanelWidth, target.Columns - column);
            Pack(right.ColumnsFrom(column, columns), _panel);
            var part = target.ColumnsFrom(column, columns);
            if (columns == PanelWidth)
                MultiplyPanel(left, _panel, part, accumulate);
            else
                MultiplyNarrow(left, _panel, part, accumulate);
        }
    }

    private static void MultiplyPanel(Matrix left, float[] panel, Matrix target, bool accumulate)
    {
        ref var packed = ref MemoryMarshal.GetArrayDataReference(panel);
        var row = 0;
        for (; row + BlockRows <= left.Rows; row += BlockRows)
            FourRows(left.RowsFrom(row, BlockRows), ref packed, target.RowsFrom(row, BlockRows), accumulate);
        for (; row < left.Rows; row++)
            OneRow(ref left.At(row, 0), left.ColumnStride, ref packed, left.Columns, ref target.At(row, 0), accumulate);
    }

    /// <summary>The last columns, fewer than a panel: through a row as wide as one.</summary>
    private static void MultiplyNarrow(Matrix left, float[] panel, Matrix target, bool accumulate)
    {
        ref var packed = ref MemoryMarshal.GetArrayDataReference(panel);
        Span<float> wide = stackalloc float[PanelWidth];
        for (var row = 0; row < left.Rows; row++)
        {
            var cells = target.Row(row);
            cells.CopyTo(wide);
            OneRow(ref left.At(row, 0), left.ColumnStride, ref packed, left.Columns, ref wide[0], accumulate);
            wide[..cells.Length].CopyTo(cells);
        }
    }

    private static void Pack(Matrix columns, float[] panel)
    {
        if (columns.ColumnStride == 1)
        {
            for (var row = 0; row < columns.Rows; row++)
            {
                var cells = panel.AsSpan(row * PanelWidth, PanelWidth);
                columns.Row(row).CopyTo(cells);
                cells[columns.Columns..].Clear();
            }

            return;
        }

        if (columns.Columns < PanelWidth)
            Array.Clear(panel, 0, columns.Rows * PanelWidth);
        ref var packed = ref MemoryMarshal.GetArrayDataReference(panel);
        for (var column = 0; column < columns.Columns; column++)
        {
            ref var source = ref columns.At(0, column);
            for (var row = 0; row < columns.Rows; row++)
                Unsafe.Add(ref packed, (row * PanelWidth) + column) = Unsafe.Add(ref source, (nint)row * columns.RowStride);
        }
    }

    private static void OneRow(ref float left, nint stride, ref float panel, int depth, ref float target, bool accumulate)
    {
        var low = accumulate ? Vector512.LoadUnsafe(ref target) : default;
        var high = accumulate ? Vector512.LoadUnsafe(ref target, Lane) : default;
        for (var k = 0; k < depth; k++)
        {
            var value = Vector512.Create(left);
            low = Vector512.FusedMultiplyAdd(value, Vector512.LoadUnsafe(ref panel), low);
            high = Vector512.FusedMultiplyAdd(value, Vector512.LoadUnsafe(ref panel, Lane), high);
            panel = ref Unsafe.Add(ref panel, PanelWidth);
            left = ref Unsafe.Add(ref left, stride);
        }

        low.StoreUnsafe(ref target);
        high.StoreUnsafe(ref target, Lane);
    }

    // Eight sums in registers: as many as hide the latency of a fused multiply-add on processors with two units for it.
    private static void FourRows(Matrix left, ref float panel, Matrix target, bool accumulate)
    {
        Vector512<float> low0 = default, low1 = default, low2 = default, low3 = default;
        Vector512<float> high0 = default, high1 = default, high2 = default, high3 = default;
        ref var row0 = ref left.At(0, 0);
        ref var row1 = ref left.At(1, 0);
        ref var row2 = ref left.At(2, 0);
        ref var row3 = ref left.At(3, 0);
        nint at = 0;
        for (var k = left.Columns; k > 0; k--)
        {
            var low = Vector512.LoadUnsafe(ref panel);
            var high = Vector512.LoadUnsafe(ref panel, Lane);
            panel = ref Unsafe.Add(ref panel, PanelWidth);
            var value = Vector512.Create(Unsafe.Add(ref row0, at));
            low0 = Vector512.FusedMultiplyAdd(value, low, low0);
            high0 = Vector512.FusedMultiplyAdd(value, high, high0);
            value = Vector512.Create(Unsafe.Add(ref row1, at));
            low1 = Vector512.FusedMultiplyAdd(value, low, low1);
            high1 = Vector512.FusedMultiplyAdd(value, high, high1);
            value = Vector512.Create(Unsafe.Add(ref row2, at));
            low2 = Vector512.FusedMultiplyAdd(value, low, low2);
            high2 = Vector512.FusedMultiplyAdd(value, high, high2);
            value = Vector512.Create(Unsafe.Add(ref row3, at));
            low3 = Vector512.FusedMultiplyAdd(value, low, low3);
            high3 = Vector512.FusedMultiplyAdd(value, high, high3);
            at += left.ColumnStride;
        }

        Store(low0, high0, ref target.At(0, 0), accumulate);
        Store(low1, high1, ref target.At(1, 0), accumulate);
        Store(low2, high2, ref target.At(2, 0), accumulate);
        Store(low3, high3, ref target.At(3, 0), accumulate);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector512<float> low, Vector512<float> high, ref float target, bool accumulate)
    {
        if (accumulate)
        {
            low += Vector512.LoadUnsafe(ref target);
            high += Vector512.LoadUnsafe(ref target, Lane);
        }

        low.StoreUnsafe(ref target);
        high.StoreUnsafe(ref target, Lane);
    }
}
