namespace Serverless.Inference.Tensors;

/// <summary>A named tensor on its way into or out of a model. Owns its memory until disposed.</summary>
public abstract class Tensor(string name, TensorDatatype datatype, long[] shape) : IDisposable
{
    /// <summary>The input's or output's name.</summary>
    public string Name { get; } = name;

    /// <summary>The elements' type.</summary>
    public TensorDatatype Datatype { get; } = datatype;

    /// <summary>Its dimensions.</summary>
    public IReadOnlyList<long> Shape => Dimensions;

    /// <summary>Number of elements.</summary>
    public long Count { get; } = TensorShape.TryCount(shape, out var count)
        ? count
        : throw new ArgumentException("The shape has no element count.", nameof(shape));

    /// <summary>The elements, row-major and little-endian; empty for <see cref="TensorDatatype.Bytes"/>.</summary>
    public abstract ReadOnlySpan<byte> Data { get; }

    /// <summary>An element of a <see cref="TensorDatatype.Bytes"/> tensor.</summary>
    public abstract ReadOnlySpan<byte> StringAt(int index);

    internal long[] Dimensions { get; } = shape;

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Gives the memory back.</summary>
    protected abstract void Dispose(bool disposing);
}
