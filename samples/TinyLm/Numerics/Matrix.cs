using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace TinyLm.Numerics;

/// <summary>
/// A view of floats as rows and columns, each with a stride of its own, so that a transposed matrix or a head's columns need no copy.
/// </summary>
internal readonly ref struct Matrix
{
    private readonly ref float _origin;

    public Matrix(Span<float> data, int rows, int columns)
        : this(ref MemoryMarshal.GetReference(data), rows, columns, columns, 1)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((long)rows * columns, data.Length);
    }

    private Matrix(ref float origin, int rows, int columns, int rowStride, int columnStride)
    {
        _origin = ref origin;
        Rows = rows;
        Columns = columns;
        RowStride = rowStride;
        ColumnStride = columnStride;
    }

    public int Rows { get; }

    public int Columns { get; }

    public int RowStride { get; }

    public int ColumnStride { get; }

    /// <summary>The same elements with rows and columns exchanged.</summary>
    public Matrix Transposed => new(ref _origin, Columns, Rows, ColumnStride, RowStride);

    /// <summary>A part of the matrix, which shares its elements.</summary>
    public Matrix Part(int row, int rows, int column, int columns)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(row + rows, Rows);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(column + columns, Columns);
        return new(ref At(row, column), rows, columns, RowStride, ColumnStride);
    }

    /// <summary>All rows of some columns.</summary>
    public Matrix ColumnsFrom(int column, int columns) => Part(0, Rows, column, columns);

    /// <summary>Some rows of all columns.</summary>
    public Matrix RowsFrom(int row, int rows) => Part(row, rows, 0, Columns);

    /// <summary>One row; its elements must lie beside each other.</summary>
    public Span<float> Row(int row) => MemoryMarshal.CreateSpan(ref At(row, 0), Columns);

    /// <summary>Where an element lies; nothing is checked.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref float At(int row, int column) => ref Unsafe.Add(ref _origin, ((nint)row * RowStride) + ((nint)column * ColumnStride));
}
