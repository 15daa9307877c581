using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Serverless.Gateway.Jobs;

/// <summary>Answers in OpenAI's shapes.</summary>
internal static class ListJson
{
    /// <summary>Answers 200 with what <paramref name="write"/> writes.</summary>
    public static async Task AnswerAsync(HttpContext context, Action<Utf8JsonWriter> write)
    {
        context.Response.ContentType = "application/json";
        await using var json = new Utf8JsonWriter(context.Response.BodyWriter);
        write(json);
        await json.FlushAsync(context.RequestAborted);
    }

    /// <summary>Answers with a page of a list.</summary>
    public static Task AnswerPageAsync<T>(
        HttpContext context, IReadOnlyList<T> page, bool hasMore, Func<T, string> id, Action<Utf8JsonWriter, T> write) =>
        AnswerAsync(context, json =>
        {
            json.WriteStartObject();
            json.WriteString("object", "list");
            json.WriteStartArray("data");
            foreach (var item in page)
                write(json, item);
            json.WriteEndArray();
            json.WriteString("first_id", page.Count == 0 ? null : id(page[0]));
            json.WriteString("last_id", page.Count == 0 ? null : id(page[^1]));
            json.WriteBoolean("has_more", hasMore);
            json.WriteEndObject();
        });
}
