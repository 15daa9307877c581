using System.Text.Json;
using Serverless.Contracts.Errors;
using Serverless.Inference.Tensors;
using Serverless.Worker.Json;

namespace Serverless.Worker.OpenInference;

/// <summary>Reads the <c>data</c> of a tensor, flat or nested as its shape says, straight into typed memory.</summary>
internal static class TensorDataReader
{
    /// <param name="cursor">Stands on the first byte of the data.</param>
    /// <param name="target">What it must become.</param>
    public static BufferTensor Read(ref JsonCursor cursor, TensorTarget target) => target.Datatype switch
    {
        TensorDatatype.Bool => Read<bool, JsonElements.Bool>(ref cursor, target),
        TensorDatatype.UInt8 => Read<byte, JsonElements.Whole<byte>>(ref cursor, target),
        TensorDatatype.UInt16 => Read<ushort, JsonElements.Whole<ushort>>(ref cursor, target),
        TensorDatatype.UInt32 => Read<uint, JsonElements.Whole<uint>>(ref cursor, target),
        TensorDatatype.UInt64 => Read<ulong, JsonElements.Whole<ulong>>(ref cursor, target),
        TensorDatatype.Int8 => Read<sbyte, JsonElements.Whole<sbyte>>(ref cursor, target),
        TensorDatatype.Int16 => Read<short, JsonElements.Whole<short>>(ref cursor, target),
        TensorDatatype.Int32 => Read<int, JsonElements.Whole<int>>(ref cursor, target),
        TensorDatatype.Int64 => Read<long, JsonElements.Whole<long>>(ref cursor, target),
        TensorDatatype.Fp32 => Read<float, JsonElements.Fp32>(ref cursor, target),
        TensorDatatype.Fp64 => Read<double, JsonElements.Fp64>(ref cursor, target),
        TensorDatatype.Bytes => ReadStrings(ref cursor, target),
        _ => throw JsonValues.Invalid(
            $"Input '{target.Name}' is {Datatypes.NameOf(target.Datatype)}, which has no JSON form; send it as binary tensor data.",
            target.Name),
    };

    private static unsafe BufferTensor Read<T, TElement>(ref JsonCursor cursor, TensorTarget target)
        where T : unmanaged
        where TElement : IJsonElement<T>
    {
        var buffer = TensorBuffer.Rent(BytesFor(target, sizeof(T)));
        try
        {
            var elements = buffer.As<T>();
            var position = cursor.Position;
            if (elements.Length == target.Count
                && ElementScanner.TryRead<T, TElement>(cursor.Text, ref position, target.Shape, elements))
            {
                cursor.Position = position;
            }
            else
                ReadByToken<T, TElement>(ref cursor, target, elements);
            return new BufferTensor(target.Name, target.Datatype, target.Shape, buffer);
        }
        catch
        {
            buffer.Dispose();
            throw;
        }
    }

    private static void ReadByToken<T, TElement>(ref JsonCursor cursor, TensorTarget target, Span<T> elements)
        where T : unmanaged
        where TElement : IJsonElement<T>
    {
        var reader = Checked(ref cursor);
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
        cursor.Skip(reader.BytesConsumed);
    }

    // That it is JSON at all comes first: what is wrong with the elements of half an array is not worth saying.
    private static Utf8JsonReader Checked(ref JsonCursor cursor)
    {
        var whole = cursor.Reader();
        whole.Read();
        whole.Skip();
        var reader = cursor.Reader();
        reader.Read();
        return reader;
    }

    private static BufferTensor ReadStrings(ref JsonCursor cursor, TensorTarget target)
    {
        var reader = Checked(ref cursor);
        var strings = new List<byte[]>();
        var nesting = new DataNesting(target);
        while (nesting.NextElement(ref reader))
        {
            if (reader.TokenType != JsonTokenType.String)
                throw WrongElement(ref reader, target, strings.Count);
            strings.Add(Unescape(ref reader, target, strings.Count));
        }

        nesting.CheckCount(strings.Count);
        cursor.Skip(reader.BytesConsumed);
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
