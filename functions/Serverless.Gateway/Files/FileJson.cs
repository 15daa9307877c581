using System.Text.Json;

namespace Serverless.Gateway.Files;

/// <summary>OpenAI's file object.</summary>
internal static class FileJson
{
    public static void Write(Utf8JsonWriter json, FileRow row)
    {
        json.WriteStartObject();
        json.WriteString("id", row.RowKey);
        json.WriteString("object", "file");
        json.WriteNumber("bytes", row.Bytes);
        json.WriteNumber("created_at", row.CreatedAt.ToUnixTimeSeconds());
        if (row.ExpiresAt is { } expires)
            json.WriteNumber("expires_at", expires.ToUnixTimeSeconds());
        json.WriteString("filename", row.Filename);
        json.WriteString("purpose", row.Purpose);
        json.WriteString("status", "processed");
        json.WriteNull("status_details");
        json.WriteEndObject();
    }
}
