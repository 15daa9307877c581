using System.Numerics;
using System.Runtime.InteropServices;
using Google.Protobuf;
using Google.Protobuf.Collections;
using Serverless.Contracts.Errors;
using Serverless.Inference.Tensors;
using Serverless.Worker.Grpc.Protocol;
using Serverless.Worker.Json;

namespace Serverless.Worker.Grpc;

/// <summary>Tensors as fields of a message, by type.</summary>
internal static class TypedContents
{
    /// <exception cref="InferenceException">The field of the datatype has not as many elements as the shape.</exception>
    public static BufferTensor Read(InferTensorContents contents, string name, TensorDatatype datatype, long[] shape, long count)
    {
        var target = new Target(name, datatype, shape, count);
        return datatype switch
        {
            TensorDatatype.Bool => Copy(contents.BoolContents, target),
            TensorDatatype.Int8 => Narrow<int, sbyte>(contents.IntContents, target),
            TensorDatatype.Int16 => Narrow<int, short>(contents.IntContents, target),
            TensorDatatype.Int32 => Copy(contents.IntContents, target),
            TensorDatatype.Int64 => Copy(contents.Int64Contents, target),
            TensorDatatype.UInt8 => Narrow<uint, byte>(contents.UintContents, target),
            TensorDatatype.UInt16 => Narrow<uint, ushort>(contents.UintContents, target),
            TensorDatatype.UInt32 => Copy(contents.UintContents, target),
            TensorDatatype.UInt64 => Copy(contents.Uint64Contents, target),
            TensorDatatype.Fp32 => Copy(contents.Fp32Contents, target),
            TensorDatatype.Fp64 => Copy(contents.Fp64Contents, target),
            TensorDatatype.Bytes => Strings(contents.BytesContents, target),
            _ => throw JsonValues.Invalid(
                $"Input '{name}' is {Datatypes.NameOf(datatype)}, which has no typed contents; send raw_input_contents.", name),
        };
    }

    /// <summary>An output's elements.</summary>
    public static InferTensorContents Write(Tensor output)
    {
        var contents = new InferTensorContents();
        switch (output.Datatype)
        {
            case TensorDatatype.Bool:
                contents.BoolContents.AddRange(output.Data.ToArray().Select(value => value != 0));
                break;
            case TensorDatatype.Int8:
                contents.IntContents.AddRange(Elements<sbyte>(output).Select(value => (int)value));
                break;
            case TensorDatatype.Int16:
                contents.IntContents.AddRange(Elements<short>(output).Select(value => (int)value));
                break;
            case TensorDatatype.Int32:
                contents.IntContents.AddRange(Elements<int>(output));
                break;
            case TensorDatatype.Int64:
                contents.Int64Contents.AddRange(Elements<long>(output));
                break;
            case TensorDatatype.Fp32:
                contents.Fp32Contents.AddRange(Elements<float>(output));
                break;
            case TensorDatatype.Fp64:
                contents.Fp64Contents.AddRange(Elements<double>(output));
                break;
            default:
                WriteUnsignedOrStrings(contents, output);
                break;
        }

        return contents;
    }

    private static void WriteUnsignedOrStrings(InferTensorContents contents, Tensor output)
    {
        switch (output.Datatype)
        {
            case TensorDatatype.UInt8:
                contents.UintContents.AddRange(Elements<byte>(output).Select(value => (uint)value));
                break;
            case TensorDatatype.UInt16:
                contents.UintContents.AddRange(Elements<ushort>(output).Select(value => (uint)value));
                break;
            case TensorDatatype.UInt32:
                contents.UintContents.AddRange(Elements<uint>(output));
                break;
            case TensorDatatype.UInt64:
                contents.Uint64Contents.AddRange(Elements<ulong>(output));
                break;
            default:
                for (var i = 0; i < output.Count; i++)
                    contents.BytesContents.Add(ByteString.CopyFrom(output.StringAt(i)));
                break;
        }
    }

    private static T[] Elements<T>(Tensor output)
        where T : unmanaged => MemoryMarshal.Cast<byte, T>(output.Data).ToArray();

    private static BufferTensor Copy<T>(RepeatedField<T> field, Target target)
        where T : unmanaged
    {
        target.Check(field.Count);
        var buffer = TensorBuffer.Rent(field.Count * Datatypes.SizeOf(target.Datatype));
        var elements = buffer.As<T>();
        for (var i = 0; i < elements.Length; i++)
            elements[i] = field[i];
        return new BufferTensor(target.Name, target.Datatype, target.Shape, buffer);
    }

    private static BufferTensor Narrow<TField, T>(RepeatedField<TField> field, Target target)
        where TField : unmanaged, IBinaryInteger<TField>
        where T : unmanaged, IBinaryInteger<T>
    {
        target.Check(field.Count);
        var buffer = TensorBuffer.Rent(field.Count * Datatypes.SizeOf(target.Datatype));
        try
        {
            var elements = buffer.As<T>();
            for (var i = 0; i < elements.Length; i++)
                elements[i] = T.CreateChecked(field[i]);
            return new BufferTensor(target.Name, target.Datatype, target.Shape, buffer);
        }
        catch (OverflowException error)
        {
            buffer.Dispose();
            throw new InferenceException(
                ErrorKind.InvalidRequest,
                $"An element of input '{target.Name}' is outside the range of {Datatypes.NameOf(target.Datatype)}.", target.Name, error);
        }
    }

    private static BufferTensor Strings(RepeatedField<ByteString> field, Target target)
    {
        target.Check(field.Count);
        return new BufferTensor(target.Name, target.Shape, [.. field.Select(value => value.ToByteArray())]);
    }

    private sealed record Target(string Name, TensorDatatype Datatype, long[] Shape, long Count)
    {
        public void Check(int found)
        {
            if (found == Count)
                return;
            throw JsonValues.Invalid(
                $"Input '{Name}' of shape {TensorShape.Format(Shape)} takes {Count} elements, but its contents for "
                + $"{Datatypes.NameOf(Datatype)} have {found}.", Name);
        }
    }
}
