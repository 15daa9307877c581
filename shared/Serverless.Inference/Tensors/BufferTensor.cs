namespace Serverless.Inference.Tensors;

/// <summary>A tensor over memory of our own.</summary>
public sealed class BufferTensor : Tensor
{
    private readonly TensorBuffer? _buffer;
    private readonly byte[][] _strings;

    /// <summary>A tensor over the first bytes of <paramref name="buffer"/>, which it owns from now on.</summary>
    public BufferTensor(string name, TensorDatatype datatype, long[] shape, TensorBuffer buffer)
        : base(name, datatype, shape)
    {
        if (buffer.Length != Count * Datatypes.SizeOf(datatype))
            throw new ArgumentException($"{buffer.Length} bytes do not hold {Count} elements of {datatype}.", nameof(buffer));
        _buffer = buffer;
        _strings = [];
    }

    /// <summary>A <see cref="TensorDatatype.Bytes"/> tensor.</summary>
    public BufferTensor(string name, long[] shape, byte[][] strings)
        : base(name, TensorDatatype.Bytes, shape)
    {
        if (strings.Length != Count)
            throw new ArgumentException($"{strings.Length} strings do not fill {Count} elements.", nameof(strings));
        _strings = strings;
    }

    /// <summary><paramref name="tensor"/> itself where it is one, otherwise a copy in whose place it is disposed.</summary>
    internal static BufferTensor Of(Tensor tensor)
    {
        if (tensor is BufferTensor own)
            return own;
        using (tensor)
            return CopyOf(tensor);
    }

    /// <summary>The same elements in memory of its own.</summary>
    public static BufferTensor CopyOf(Tensor tensor)
    {
        if (tensor.Datatype == TensorDatatype.Bytes)
            return new BufferTensor(tensor.Name, tensor.Dimensions, [.. Enumerable.Range(0, (int)tensor.Count).Select(i => tensor.StringAt(i).ToArray())]);
        var buffer = TensorBuffer.Rent(tensor.Data.Length);
        tensor.Data.CopyTo(buffer.Span);
        return new BufferTensor(tensor.Name, tensor.Datatype, tensor.Dimensions, buffer);
    }

    /// <inheritdoc/>
    public override ReadOnlySpan<byte> Data => _buffer is null ? [] : _buffer.Span;

    /// <summary>Address of the elements; they do not move.</summary>
    internal nint Address => _buffer?.Address ?? 0;

    internal TensorBlock Block => _buffer!.Block;

    /// <summary>Bytes that it takes.</summary>
    internal long Bytes => _buffer?.Length ?? _strings.Sum(text => (long)text.Length);

    /// <inheritdoc/>
    public override ReadOnlySpan<byte> StringAt(int index) => _strings[index];

    /// <inheritdoc/>
    protected override void Dispose(bool disposing) => _buffer?.Dispose();
}
