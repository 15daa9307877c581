using System.Text.Json;
using Serverless.Worker.Json;

namespace Serverless.Worker.OpenInference;

/// <summary>Reads one input tensor, whatever the order of its properties.</summary>
internal static class InputReader
{
    private const int MaxRank = 32;

    public static void Read(ref JsonCursor cursor, SignatureTable model, InferRequest request)
    {
        var index = request.InputCount;
        if (cursor.Peek() != '{')
            cursor.Open('{', $"inputs[{index}]");
        cursor.Position++;
        var draft = new InputDraft(index);
        Span<long> shape = stackalloc long[MaxRank];
        try
        {
            ReadProperties(ref cursor, model, ref draft, shape);
            draft.AddTo(request, ref cursor, model, shape);
        }
        catch
        {
            draft.Dispose();
            throw;
        }
    }

    private static void ReadProperties(ref JsonCursor cursor, SignatureTable model, ref InputDraft draft, scoped Span<long> shape)
    {
        var index = draft.Index;
        for (var first = true; cursor.Next('}', ref first);)
        {
            var property = cursor.TakeName();
            if (property.SequenceEqual("data"u8))
                draft.TakeData(ref cursor, model, shape);
            else if (property.SequenceEqual("name"u8))
                draft.Name = Text(ref cursor, index, "name");
            else if (property.SequenceEqual("datatype"u8))
                draft.Datatype = Text(ref cursor, index, "datatype");
            else if (property.SequenceEqual("shape"u8))
                draft.Rank = ReadShape(ref cursor, index, shape);
            else if (property.SequenceEqual("parameters"u8))
                draft.BinarySize = ReadParameters(ref cursor, index) ?? draft.BinarySize;
            else
                cursor.Skip();
        }
    }

    private static ReadOnlySpan<byte> Text(scoped ref JsonCursor cursor, int index, string property) =>
        cursor.TryTakePlainText(out var text) ? text : cursor.TakeText($"inputs[{index}].{property}");

    private static long? ReadParameters(ref JsonCursor cursor, int index)
    {
        var reader = cursor.Reader();
        reader.Read();
        var size = RequestParameters.Read(ref reader, $"inputs[{index}].parameters").BinaryDataSize;
        cursor.Skip(reader.BytesConsumed);
        return size;
    }

    private static int ReadShape(ref JsonCursor cursor, int index, scoped Span<long> shape)
    {
        if (cursor.Peek() != '[')
            cursor.Open('[', $"inputs[{index}].shape");
        cursor.Position++;
        var rank = 0;
        for (var first = true; cursor.Next(']', ref first); rank++)
        {
            if (rank == MaxRank)
                throw JsonValues.Invalid($"inputs[{index}].shape has more than {MaxRank} dimensions.", $"inputs[{index}].shape");
            var position = cursor.Position;
            if (DecimalScanner.TryScanWhole(cursor.Text, ref position, out var dimension) && EndsNumber(cursor.Text, position))
            {
                cursor.Position = position;
                shape[rank] = dimension;
                continue;
            }

            var reader = cursor.Reader();
            reader.Read();
            if (reader.TokenType != JsonTokenType.Number || !reader.TryGetInt64(out shape[rank]))
                throw JsonValues.Invalid($"inputs[{index}].shape[{rank}] is not a whole number of 64 bits.", $"inputs[{index}].shape");
            cursor.Skip(reader.BytesConsumed);
        }

        return rank;
    }

    private static bool EndsNumber(ReadOnlySpan<byte> text, int position) =>
        position < text.Length && text[position] is (byte)',' or (byte)']' or (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t';
}
