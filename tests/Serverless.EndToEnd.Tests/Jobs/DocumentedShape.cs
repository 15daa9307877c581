using System.Text.Json;

namespace Serverless.EndToEnd.Tests.Jobs;

/// <summary>
/// The objects of OpenAI's API for files and batches as its description has them: the keys that must be there, those that may be, and what
/// each holds.
/// </summary>
internal static class DocumentedShape
{
    private static readonly string[] Statuses =
        ["validating", "failed", "in_progress", "finalizing", "completed", "expired", "cancelling", "cancelled"];

    private static readonly string[] Purposes =
    [
        "assistants", "assistants_output", "batch", "batch_output", "fine-tune", "fine-tune-results", "vision", "user_data", "evals",
    ];

    private static readonly string[] Times =
    [
        "in_progress_at", "expires_at", "finalizing_at", "completed_at", "failed_at", "expired_at", "cancelling_at", "cancelled_at",
    ];

    public static void IsFile(JsonElement file)
    {
        Holds(file, "id", JsonValueKind.String);
        Assert.StartsWith("file-", file.GetProperty("id").GetString(), StringComparison.Ordinal);
        Is(file, "object", "file");
        Holds(file, "bytes", JsonValueKind.Number);
        IsTime(file.GetProperty("created_at"));
        if (file.TryGetProperty("expires_at", out var expires))
            IsTime(expires);
        Holds(file, "filename", JsonValueKind.String);
        Assert.Contains(file.GetProperty("purpose").GetString(), Purposes);
        Assert.Contains(file.GetProperty("status").GetString(), new[] { "uploaded", "processed", "error" });
    }

    public static void IsDeletion(JsonElement deletion, string id)
    {
        Is(deletion, "id", id);
        Is(deletion, "object", "file");
        Holds(deletion, "deleted", JsonValueKind.True);
    }

    public static void IsBatch(JsonElement batch)
    {
        Holds(batch, "id", JsonValueKind.String);
        Assert.StartsWith("batch_", batch.GetProperty("id").GetString(), StringComparison.Ordinal);
        Is(batch, "object", "batch");
        foreach (var key in new[] { "endpoint", "input_file_id", "completion_window" })
            Holds(batch, key, JsonValueKind.String);
        Assert.Contains(batch.GetProperty("status").GetString(), Statuses);
        IsTime(batch.GetProperty("created_at"));
        foreach (var key in Times)
            IsNullOr(batch, key, JsonValueKind.Number);
        foreach (var key in new[] { "model", "output_file_id", "error_file_id" })
            IsNullOr(batch, key, JsonValueKind.String);
        foreach (var key in new[] { "errors", "metadata" })
            IsNullOr(batch, key, JsonValueKind.Object);
        HoldsNumbers(batch.GetProperty("request_counts"), "total", "completed", "failed");
        var usage = batch.GetProperty("usage");
        HoldsNumbers(usage, "input_tokens", "output_tokens", "total_tokens");
        HoldsNumbers(usage.GetProperty("input_tokens_details"), "cached_tokens");
        HoldsNumbers(usage.GetProperty("output_tokens_details"), "reasoning_tokens");
    }

    /// <summary>The answer to a request that was refused.</summary>
    public static void IsError(JsonElement answer)
    {
        var error = Assert.Single(answer.EnumerateObject());
        Assert.Equal("error", error.Name);
        Assert.Equal(["code", "message", "param", "type"], error.Value.EnumerateObject().Select(property => property.Name).Order());
        Holds(error.Value, "message", JsonValueKind.String);
        Assert.NotEqual("", error.Value.GetProperty("message").GetString());
        Holds(error.Value, "type", JsonValueKind.String);
        IsNullOr(error.Value, "param", JsonValueKind.String);
        IsNullOr(error.Value, "code", JsonValueKind.String);
    }

    public static void AreErrors(JsonElement errors)
    {
        Is(errors, "object", "list");
        Assert.NotEmpty(errors.GetProperty("data").EnumerateArray());
        foreach (var error in errors.GetProperty("data").EnumerateArray())
        {
            Holds(error, "code", JsonValueKind.String);
            Holds(error, "message", JsonValueKind.String);
            IsNullOr(error, "param", JsonValueKind.String);
            IsNullOr(error, "line", JsonValueKind.Number);
        }
    }

    public static void IsList(JsonElement list, Action<JsonElement> isEntry)
    {
        Is(list, "object", "list");
        var data = list.GetProperty("data").EnumerateArray().ToList();
        data.ForEach(isEntry);
        Assert.Contains(list.GetProperty("has_more").ValueKind, new[] { JsonValueKind.True, JsonValueKind.False });
        if (data.Count == 0)
            return;
        Is(list, "first_id", data[0].GetProperty("id").GetString()!);
        Is(list, "last_id", data[^1].GetProperty("id").GetString()!);
    }

    public static void IsAnswerLine(JsonElement line)
    {
        Holds(line, "id", JsonValueKind.String);
        Assert.StartsWith("batch_req_", line.GetProperty("id").GetString(), StringComparison.Ordinal);
        Holds(line, "custom_id", JsonValueKind.String);
        IsNullOr(line, "response", JsonValueKind.Object);
        IsNullOr(line, "error", JsonValueKind.Object);
        if (line.GetProperty("response") is { ValueKind: JsonValueKind.Object } response)
        {
            HoldsNumbers(response, "status_code");
            Holds(response, "request_id", JsonValueKind.String);
            Holds(response, "body", JsonValueKind.Object);
        }
        else
        {
            Holds(line.GetProperty("error"), "code", JsonValueKind.String);
            Holds(line.GetProperty("error"), "message", JsonValueKind.String);
        }
    }

    private static void Holds(JsonElement element, string key, JsonValueKind kind) => Assert.Equal(kind, element.GetProperty(key).ValueKind);

    private static void Is(JsonElement element, string key, string value) => Assert.Equal(value, element.GetProperty(key).GetString());

    private static void IsNullOr(JsonElement element, string key, JsonValueKind kind) =>
        Assert.Contains(element.GetProperty(key).ValueKind, new[] { JsonValueKind.Null, kind });

    private static void HoldsNumbers(JsonElement element, params string[] keys)
    {
        foreach (var key in keys)
            Assert.True(element.GetProperty(key).GetInt64() >= 0, key);
    }

    // Seconds, not milliseconds: those would be in the year 50,000.
    private static void IsTime(JsonElement time) => Assert.InRange(time.GetInt64(), 1_600_000_000, 10_000_000_000);
}
