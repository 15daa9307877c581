using System.Text.Json;

namespace Serverless.Gateway.Batches;

/// <summary>OpenAI's batch object.</summary>
internal static class BatchJson
{
    public static void Write(Utf8JsonWriter json, BatchRow row)
    {
        json.WriteStartObject();
        json.WriteString("id", row.Id);
        json.WriteString("object", "batch");
        json.WriteString("endpoint", row.Endpoint);
        json.WriteString("model", row.Model);
        WriteErrors(json, row);
        json.WriteString("input_file_id", row.InputFileId);
        json.WriteString("completion_window", row.CompletionWindow);
        json.WriteString("status", row.Status);
        json.WriteString("output_file_id", row.IsFinal ? row.OutputFileId : null);
        json.WriteString("error_file_id", row.IsFinal ? row.ErrorFileId : null);
        WriteTime(json, "created_at", row.CreatedAt);
        WriteTime(json, "in_progress_at", row.InProgressAt);
        WriteTime(json, "expires_at", row.ExpiresAt);
        WriteTime(json, "finalizing_at", row.FinalizingAt);
        WriteTime(json, "completed_at", row.CompletedAt);
        WriteTime(json, "failed_at", row.FailedAt);
        WriteTime(json, "expired_at", row.ExpiredAt);
        WriteTime(json, "cancelling_at", row.CancellingAt);
        WriteTime(json, "cancelled_at", row.CancelledAt);
        WriteCounts(json, row);
        WriteUsage(json, row);
        if (row.OutputFolder is { } folder)
        {
            json.WriteString("output_path", LakePaths.PathOf(folder));
            json.WriteString("output_copy", row.OutputCopy ?? OutputCopies.Pending);
        }

        json.WritePropertyName("metadata");
        json.WriteRawValue(row.Metadata ?? "null");
        json.WriteEndObject();
    }

    private static void WriteErrors(Utf8JsonWriter json, BatchRow row)
    {
        if (row.Errors is null)
        {
            json.WriteNull("errors");
            return;
        }

        json.WriteStartObject("errors");
        json.WriteString("object", "list");
        json.WritePropertyName("data");
        json.WriteRawValue(row.Errors);
        json.WriteEndObject();
    }

    private static void WriteCounts(Utf8JsonWriter json, BatchRow row)
    {
        json.WriteStartObject("request_counts");
        json.WriteNumber("total", row.Lines);
        json.WriteNumber("completed", row.Completed);
        json.WriteNumber("failed", row.Failed);
        json.WriteEndObject();
    }

    private static void WriteUsage(Utf8JsonWriter json, BatchRow row)
    {
        json.WriteStartObject("usage");
        json.WriteNumber("input_tokens", row.InputTokens);
        json.WriteStartObject("input_tokens_details");
        json.WriteNumber("cached_tokens", 0);
        json.WriteEndObject();
        json.WriteNumber("output_tokens", row.OutputTokens);
        json.WriteStartObject("output_tokens_details");
        json.WriteNumber("reasoning_tokens", 0);
        json.WriteEndObject();
        json.WriteNumber("total_tokens", row.InputTokens + row.OutputTokens);
        json.WriteEndObject();
    }

    private static void WriteTime(Utf8JsonWriter json, string name, DateTimeOffset? time)
    {
        if (time is { } value)
            json.WriteNumber(name, value.ToUnixTimeSeconds());
        else
            json.WriteNull(name);
    }
}
