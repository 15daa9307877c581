using System.Text;
using Serverless.Contracts.Errors;
using Serverless.Inference.Execution;
using Serverless.Inference.Tensors;
using Serverless.Worker.Json;

namespace Serverless.Worker.OpenInference;

/// <summary>What has been read of an input.</summary>
internal ref struct InputDraft(int index)
{
    private const int None = -1;

    private int _dataAt = None;
    private BufferTensor? _tensor;

    /// <summary>Its place among the request's inputs.</summary>
    public readonly int Index => index;

    public ReadOnlySpan<byte> Name { get; set; }

    public ReadOnlySpan<byte> Datatype { get; set; }

    public int Rank { get; set; } = None;

    public long? BinarySize { get; set; }

    /// <summary>
    /// Reads the data if what it must fit is known, as it is when properties come in the protocol's order; else passes over it for now.
    /// </summary>
    public void TakeData(ref JsonCursor cursor, SignatureTable model, scoped ReadOnlySpan<long> shape)
    {
        cursor.Peek();
        _tensor?.Dispose();
        _tensor = null;
        _dataAt = cursor.Position;
        if (Name.IsEmpty || Datatype.IsEmpty || Rank == None)
            cursor.Skip();
        else
            _tensor = ReadData(ref cursor, model, shape);
    }

    /// <summary>Checks that everything is there, and adds the input to <paramref name="request"/>.</summary>
    public void AddTo(InferRequest request, ref JsonCursor cursor, SignatureTable model, scoped ReadOnlySpan<long> shape)
    {
        var where = index;
        if (_tensor is null && BinarySize is { } size)
        {
            if (_dataAt != None)
                throw JsonValues.Invalid($"inputs[{where}] has both data and binary_data_size; send one of them.", $"inputs[{where}]");
            AddBinary(request, Check(model, shape, out var count), shape, count, size);
            return;
        }

        if (_tensor is null)
        {
            Check(model, shape, out _);
            if (_dataAt == None)
                throw JsonValues.Invalid($"Input '{Encoding.UTF8.GetString(Name)}' has no data.", Encoding.UTF8.GetString(Name));
            var end = cursor.Position;
            cursor.Position = _dataAt;
            _tensor = ReadData(ref cursor, model, shape);
            cursor.Position = end;
        }

        Add(request, _tensor.Name, _tensor);
        _tensor = null;
    }

    /// <summary>Gives back what did not get into a request.</summary>
    public readonly void Dispose() => _tensor?.Dispose();

    private readonly BufferTensor ReadData(ref JsonCursor cursor, SignatureTable model, scoped ReadOnlySpan<long> shape)
    {
        var input = Check(model, shape, out var count);
        var target = new TensorTarget(input.Signature.Name, input.Datatype, shape[..Rank].ToArray(), count, cursor.BytesLeft);
        return TensorDataReader.Read(ref cursor, target);
    }

    private readonly SignatureInput Check(SignatureTable model, scoped ReadOnlySpan<long> shape, out long count)
    {
        var input = model.Find(Name);
        count = 0;
        if (input is not null && Rank >= 0 && Datatype.SequenceEqual(input.Utf8Datatype) && input.Fits(shape[..Rank], out count))
            return input;
        throw Misfit(model, shape);
    }

    private readonly InferenceException Misfit(SignatureTable model, scoped ReadOnlySpan<long> shape)
    {
        var name = Encoding.UTF8.GetString(Name);
        if (name.Length == 0)
            return JsonValues.Invalid($"inputs[{index}] has no name.", $"inputs[{index}]");
        var wanted = RequestCheck.Input(model.Signature, name);
        if (Datatype.IsEmpty)
            return JsonValues.Invalid($"Input '{name}' has no datatype; the model wants {wanted.Datatype}.", name);
        if (Rank == None)
            return JsonValues.Invalid($"Input '{name}' has no shape; the model wants {TensorShape.Format(wanted.Shape)}.", name);
        RequestCheck.Fit(wanted, Encoding.UTF8.GetString(Datatype), shape[..Rank].ToArray());
        return JsonValues.Invalid($"Input '{name}' does not fit the model.", name);
    }

    private readonly void AddBinary(InferRequest request, SignatureInput input, scoped ReadOnlySpan<long> shape, long count, long size)
    {
        var name = input.Signature.Name;
        BinarySizes.Check(name, input.Datatype, shape[..Rank].ToArray(), count, size);
        Add(request, name, null);
        request.BinaryInputs ??= [];
        request.BinaryInputs.Add(new BinaryInput(index, name, input.Datatype, shape[..Rank].ToArray(), count, (int)size));
    }

    private static void Add(InferRequest request, string name, BufferTensor? tensor)
    {
        for (var i = 0; i < request.InputCount; i++)
        {
            if (request.NameOf(i) == name)
                throw JsonValues.Invalid($"The input '{name}' is there twice.", name);
        }

        request.Inputs[request.InputCount++] = tensor;
    }
}
