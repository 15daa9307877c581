using System.Globalization;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;
using Serverless.Inference.Tensors;
using Serverless.Worker.Http;
using Serverless.Worker.Json;

namespace Serverless.Worker.OpenInference;

/// <summary>
/// Writes elements as JSON values, straight into the answer's block. NaN and the infinities, which JSON has no form for, become
/// <c>null</c>, as JavaScript writes them: the rest of the answer is worth more than an error, and a client that expects a number notices.
/// </summary>
internal static class JsonTensorWriter
{
    // The longest number and its comma: -2.2250738585072014E-308,
    private const int MaxNumber = 25;

    /// <summary>Writes <paramref name="count"/> elements from <paramref name="start"/> on, commas between them.</summary>
    public static void Write(Answer answer, Tensor tensor, int start, int count)
    {
        switch (tensor.Datatype)
        {
            case TensorDatatype.Fp32:
                WriteFloats<float>(answer, tensor, start, count);
                break;
            case TensorDatatype.Fp64:
                WriteFloats<double>(answer, tensor, start, count);
                break;
            case TensorDatatype.Bool:
                WriteBools(answer, tensor, start, count);
                break;
            case TensorDatatype.Bytes:
                WriteStrings(answer, tensor, start, count);
                break;
            default:
                WriteWhole(answer, tensor, start, count);
                break;
        }
    }

    private static void WriteWhole(Answer answer, Tensor tensor, int start, int count)
    {
        switch (tensor.Datatype)
        {
            case TensorDatatype.UInt8:
                WriteWhole<byte>(answer, tensor, start, count);
                break;
            case TensorDatatype.UInt16:
                WriteWhole<ushort>(answer, tensor, start, count);
                break;
            case TensorDatatype.UInt32:
                WriteWhole<uint>(answer, tensor, start, count);
                break;
            case TensorDatatype.UInt64:
                WriteWhole<ulong>(answer, tensor, start, count);
                break;
            case TensorDatatype.Int8:
                WriteWhole<sbyte>(answer, tensor, start, count);
                break;
            case TensorDatatype.Int16:
                WriteWhole<short>(answer, tensor, start, count);
                break;
            case TensorDatatype.Int32:
                WriteWhole<int>(answer, tensor, start, count);
                break;
            case TensorDatatype.Int64:
                WriteWhole<long>(answer, tensor, start, count);
                break;
            default:
                throw new InvalidOperationException($"{tensor.Datatype} has no JSON form.");
        }
    }

    private static void WriteWhole<T>(Answer answer, Tensor tensor, int start, int count)
        where T : unmanaged, IBinaryInteger<T>
    {
        var span = answer.GetSpan(count * MaxNumber);
        var at = 0;
        foreach (var value in Elements<T>(tensor, start, count))
        {
            value.TryFormat(span[at..], out var written, default, CultureInfo.InvariantCulture);
            at += written;
            span[at++] = (byte)',';
        }

        answer.Advance(Math.Max(0, at - 1));
    }

    private static void WriteFloats<T>(Answer answer, Tensor tensor, int start, int count)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var span = answer.GetSpan(count * MaxNumber);
        var at = 0;
        foreach (var value in Elements<T>(tensor, start, count))
        {
            if (T.IsFinite(value))
            {
                at += WriteFinite(value, span[at..]);
            }
            else
            {
                "null"u8.CopyTo(span[at..]);
                at += 4;
            }

            span[at++] = (byte)',';
        }

        answer.Advance(Math.Max(0, at - 1));
    }

    private static int WriteFinite<T>(T value, Span<byte> to)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (typeof(T) == typeof(float))
            return FloatText.Write(Unsafe.BitCast<T, float>(value), to);
        value.TryFormat(to, out var written, default, CultureInfo.InvariantCulture);
        return written;
    }

    private static void WriteBools(Answer answer, Tensor tensor, int start, int count)
    {
        for (var i = start; i < start + count; i++)
        {
            if (i > start)
                answer.Write(","u8);
            answer.Write(tensor.Data[i] != 0 ? "true"u8 : "false"u8);
        }
    }

    private static void WriteStrings(Answer answer, Tensor tensor, int start, int count)
    {
        for (var i = start; i < start + count; i++)
        {
            if (i > start)
                answer.Write(","u8);
            WriteString(answer, tensor.StringAt(i));
        }
    }

    /// <summary>Writes a string. A model may compute bytes that are not UTF-8: what cannot be written becomes U+FFFD.</summary>
    public static void WriteString(Answer answer, ReadOnlySpan<byte> bytes)
    {
        if (!Utf8.IsValid(bytes))
            bytes = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(bytes));
        answer.Write("\""u8);
        answer.Write(JsonEncodedText.Encode(bytes, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).EncodedUtf8Bytes);
        answer.Write("\""u8);
    }

    private static ReadOnlySpan<T> Elements<T>(Tensor tensor, int start, int count)
        where T : unmanaged => MemoryMarshal.Cast<byte, T>(tensor.Data).Slice(start, count);
}
