using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Serverless.Inference.Tensors;

namespace Serverless.Worker.OpenInference;

/// <summary>
/// Writes elements as JSON values. NaN and the infinities, which JSON has no form for, become <c>null</c>, as JavaScript writes them: the
/// rest of the answer is worth more than an error, and a client that expects a number notices.
/// </summary>
internal static class TensorDataWriter
{
    public static void Write(Utf8JsonWriter json, Tensor tensor, int start, int count)
    {
        switch (tensor.Datatype)
        {
            case TensorDatatype.Bool:
                foreach (var value in Elements<byte>(tensor, start, count))
                    json.WriteBooleanValue(value != 0);
                break;
            case TensorDatatype.UInt8:
                foreach (var value in Elements<byte>(tensor, start, count))
                    json.WriteNumberValue((uint)value);
                break;
            case TensorDatatype.UInt16:
                foreach (var value in Elements<ushort>(tensor, start, count))
                    json.WriteNumberValue((uint)value);
                break;
            case TensorDatatype.UInt32:
                foreach (var value in Elements<uint>(tensor, start, count))
                    json.WriteNumberValue(value);
                break;
            case TensorDatatype.UInt64:
                foreach (var value in Elements<ulong>(tensor, start, count))
                    json.WriteNumberValue(value);
                break;
            case TensorDatatype.Int8:
                foreach (var value in Elements<sbyte>(tensor, start, count))
                    json.WriteNumberValue((int)value);
                break;
            case TensorDatatype.Int16:
                foreach (var value in Elements<short>(tensor, start, count))
                    json.WriteNumberValue((int)value);
                break;
            case TensorDatatype.Int32:
                foreach (var value in Elements<int>(tensor, start, count))
                    json.WriteNumberValue(value);
                break;
            case TensorDatatype.Int64:
                foreach (var value in Elements<long>(tensor, start, count))
                    json.WriteNumberValue(value);
                break;
            default:
                WriteFloatsOrStrings(json, tensor, start, count);
                break;
        }
    }

    private static void WriteFloatsOrStrings(Utf8JsonWriter json, Tensor tensor, int start, int count)
    {
        switch (tensor.Datatype)
        {
            case TensorDatatype.Fp32:
                foreach (var value in Elements<float>(tensor, start, count))
                {
                    if (float.IsFinite(value))
                        json.WriteNumberValue(value);
                    else
                        json.WriteNullValue();
                }

                break;
            case TensorDatatype.Fp64:
                foreach (var value in Elements<double>(tensor, start, count))
                {
                    if (double.IsFinite(value))
                        json.WriteNumberValue(value);
                    else
                        json.WriteNullValue();
                }

                break;
            case TensorDatatype.Bytes:
                for (var index = start; index < start + count; index++)
                    WriteString(json, tensor.StringAt(index));
                break;
            default:
                throw new InvalidOperationException($"{tensor.Datatype} has no JSON form.");
        }
    }

    // A model may compute bytes that are not UTF-8; the writer would throw in the middle of the answer.
    private static void WriteString(Utf8JsonWriter json, ReadOnlySpan<byte> bytes)
    {
        if (Utf8.IsValid(bytes))
            json.WriteStringValue(bytes);
        else
            json.WriteStringValue(Encoding.UTF8.GetString(bytes));
    }

    private static ReadOnlySpan<T> Elements<T>(Tensor tensor, int start, int count)
        where T : unmanaged => MemoryMarshal.Cast<byte, T>(tensor.Data).Slice(start, count);
}
