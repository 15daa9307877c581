using Serverless.Inference.Tensors;

namespace Serverless.Inference.Execution.Caching;

/// <summary>An output that is kept; whoever has it may use it as long as they like.</summary>
internal sealed class CachedTensor : Tensor
{
    private readonly byte[] _data;
    private readonly byte[][] _strings;

    public CachedTensor(Tensor tensor)
        : base(tensor.Name, tensor.Datatype, tensor.Dimensions)
    {
        _data = tensor.Data.ToArray();
        _strings = new byte[tensor.Datatype == TensorDatatype.Bytes ? tensor.Count : 0][];
        for (var i = 0; i < _strings.Length; i++)
            _strings[i] = tensor.StringAt(i).ToArray();
    }

    public long Bytes => _data.Length + _strings.Sum(text => (long)text.Length);

    public override ReadOnlySpan<byte> Data => _data;

    public override ReadOnlySpan<byte> StringAt(int index) => _strings[index];

    protected override void Dispose(bool disposing)
    {
    }
}
