using System.Text.Json;
using Serverless.Contracts.Errors;
using Serverless.Inference.Tensors;

namespace Serverless.Worker.OpenInference;

/// <summary>Reads the <c>data</c> of a tensor, flat or nested as its shape says, straight into typed memory.</summary>
internal static class TensorDataReader
{
    /// <param name="reader">Stands on the first token of the data.</param>
    /// <param name="target">What it must become.</param>
    public static BufferTensor Read(ref Utf8JsonReader reader, TensorTarget target) => target.Datatype switch
    {
        TensorDatatype.Bool => Read<bool, JsonElements.Bool>(ref reader, target),
        TensorDatatype.UInt8 => Read<byte, JsonElements.UInt8>(ref reader, target),
        TensorDatatype.UInt16 => Read<ushort, JsonElements.UInt16>(ref reader, target),
        TensorDatatype.UInt32 => Read<uint, JsonElements.UInt32>(ref reader, target),
        TensorDatatype.UInt64 => Read<ulong, JsonElements.UInt64>(ref reader, target),
        TensorDatatype.Int8 => Read<sbyte, JsonElements.Int8>(ref reader, target),
        TensorDatatype.Int16 => Read<short, JsonElements.Int16>(ref reader, target),
        TensorDatatype.Int32 => Read<int, JsonElements.Int32>(ref reader, target),
        TensorDatatype.Int64 => Read<long, JsonElements.Int64>(ref reader, target),
        TensorDatatype.Fp32 => Read<float, JsonElements.Fp32>(ref reader, target),
        TensorDatatype.Fp64 => Read<double, JsonElements.Fp64>(ref reader, target),
        TensorDatatype.Bytes => ReadStrings(ref reader, target),
        _ => throw JsonValues.Invalid(
            $"Input '{target.Name}' is {Datatypes.NameOf(target.Datatype)}, which has no JSON form; binary tensor data is not supported yet.",
            target.Name),
    };

    private static unsafe BufferTensor Read<T, TElement>(ref Utf8JsonReader reader, TensorTarget target)
        where T : unmanaged
        where TElement : IJsonElement<T>
    {
        var buffer = TensorBuffer.Rent(BytesFor(target, sizeof(T)));
        try
        {
            var elements = buffer.As<T>();
            var nesting = new DataNesting(target);
            var index = 0;
            while (nesting.NextElement(ref reader))
            {
                if (!TElement.TryRead(ref reader, out var element))
                    throw WrongElement(ref reader, target, index);
                if (index < elements.Length)
                    elements[index] = element;
                index++;
            }

            nesting.CheckCount(index);
            return new BufferTensor(target.Name, target.Datatype, target.Shape, buffer);
        }
        catch
        {
            buffer.Dispose();
            throw;
        }
    }

    private static BufferTensor ReadStrings(ref Utf8JsonReader reader, TensorTarget target)
    {
        var strings = new List<byte[]>();
        var nesting = new DataNesting(target);
        while (nesting.NextElement(ref reader))
        {
            if (reader.TokenType != JsonTokenType.String)
                throw WrongElement(ref reader, target, strings.Count);
            strings.Add(Unescape(ref reader, target, strings.Count));
        }

        nesting.CheckCount(strings.Count);
        return new BufferTensor(target.Name, target.Shape, [.. strings]);
    }

    private static byte[] Unescape(ref Utf8JsonReader reader, TensorTarget target, int index)
    {
        if (!reader.ValueIsEscaped)
            return reader.ValueSpan.ToArray();
        var text = new byte[reader.ValueSpan.Length];
        try
        {
            return text[..reader.CopyString(text)];
        }
        catch (InvalidOperationException error)
        {
            throw new InferenceException(
                ErrorKind.InvalidRequest,
                $"Element {index} of input '{target.Name}' holds half of a surrogate pair, which is no character.", target.Name, error);
        }
    }

    // A shape is a few bytes that may promise terabytes: an element takes at least a character and a comma, so a shape that the data cannot
    // fill gets no memory, and is refused once the elements have been counted.
    private static int BytesFor(TensorTarget target, int size)
    {
        if (target.Count > (target.JsonBytes / 2) + 1)
            return 0;
        return target.Count * size <= int.MaxValue
            ? (int)(target.Count * size)
            : throw new InferenceException(ErrorKind.PayloadTooLarge, $"{target.Title} takes more than 2 GiB.", target.Name);
    }

    private static InferenceException WrongElement(ref Utf8JsonReader reader, TensorTarget target, int index)
    {
        var datatype = Datatypes.NameOf(target.Datatype);
        var found = reader.TokenType == JsonTokenType.Number && target.Datatype is not (TensorDatatype.Bool or TensorDatatype.Bytes)
            ? target.Datatype is TensorDatatype.Fp32 or TensorDatatype.Fp64
                ? $"is outside the range of {datatype}"
                : $"is not a whole number in the range of {datatype}"
            : $"is {JsonValues.Describe(reader.TokenType)}, which {datatype} does not take";
        return JsonValues.Invalid($"Element {index} of input '{target.Name}' {found}.", target.Name);
    }
}
