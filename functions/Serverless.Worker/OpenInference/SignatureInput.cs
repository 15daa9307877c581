using System.Text;
using Serverless.Inference.Tensors;
using Serverless.Models.Manifest;

namespace Serverless.Worker.OpenInference;

/// <summary>An input of a model.</summary>
internal sealed class SignatureInput
{
    private readonly long[] _shape;

    public SignatureInput(TensorSignature signature)
    {
        Signature = signature;
        Utf8Name = Encoding.UTF8.GetBytes(signature.Name);
        Utf8Datatype = Encoding.UTF8.GetBytes(signature.Datatype);
        _shape = [.. signature.Shape];
        _ = Datatypes.TryParse(signature.Datatype, out var datatype);
        Datatype = datatype;
    }

    public TensorSignature Signature { get; }

    public byte[] Utf8Name { get; }

    public byte[] Utf8Datatype { get; }

    public TensorDatatype Datatype { get; }

    /// <summary>Whether a tensor of <paramref name="shape"/> fits, and how many elements it has.</summary>
    public bool Fits(ReadOnlySpan<long> shape, out long count)
    {
        count = 0;
        if (shape.Length != _shape.Length)
            return false;
        for (var i = 0; i < shape.Length; i++)
        {
            if (_shape[i] >= 0 && _shape[i] != shape[i])
                return false;
        }

        return TensorShape.TryCount(shape, out count);
    }
}
