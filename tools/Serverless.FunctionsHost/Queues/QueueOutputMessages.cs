using System.Text.Json;
using Serverless.FunctionsHost.Rpc.Messages;

namespace Serverless.FunctionsHost.Queues;

/// <summary>The messages in a function's output value: one per element of a list, else one.</summary>
internal static class QueueOutputMessages
{
    public static IReadOnlyList<BinaryData> From(TypedData? data) => data?.DataCase switch
    {
        TypedData.DataOneofCase.String => [BinaryData.FromString(data.String)],
        TypedData.DataOneofCase.Json => FromJson(data.Json),
        TypedData.DataOneofCase.Bytes => [BinaryData.FromBytes(data.Bytes.Memory)],
        TypedData.DataOneofCase.Stream => [BinaryData.FromBytes(data.Stream.Memory)],
        TypedData.DataOneofCase.CollectionString => [.. data.CollectionString.String.Select(BinaryData.FromString)],
        TypedData.DataOneofCase.CollectionBytes => [.. data.CollectionBytes.Bytes.Select(b => BinaryData.FromBytes(b.Memory))],
        TypedData.DataOneofCase.Int => [BinaryData.FromString(JsonSerializer.Serialize(data.Int))],
        TypedData.DataOneofCase.Double => [BinaryData.FromString(JsonSerializer.Serialize(data.Double))],
        _ => [],
    };

    private static IReadOnlyList<BinaryData> FromJson(string json)
    {
        using var document = JsonDocument.Parse(json);
        var root = document.RootElement;
        return root.ValueKind switch
        {
            JsonValueKind.Null => [],
            JsonValueKind.Array => [.. root.EnumerateArray().Select(FromElement)],
            _ => [FromElement(root)],
        };
    }

    private static BinaryData FromElement(JsonElement element) =>
        BinaryData.FromString(element.ValueKind == JsonValueKind.String ? element.GetString()! : element.GetRawText());
}
