using System.Text.Json;

namespace Serverless.Cli.Batches;

/// <summary>A batch as the API shows it.</summary>
internal sealed record Batch(
    string Id, string Status, string Endpoint, int Total, int Completed, int Failed, string? OutputFile, string? ErrorFile,
    DateTimeOffset CreatedAt, IReadOnlyList<string> Errors)
{
    public bool IsFinal => Status is "completed" or "failed" or "expired" or "cancelled";

    public int Done => Completed + Failed;

    public static Batch Read(JsonElement batch)
    {
        var counts = batch.GetProperty("request_counts");
        return new Batch(
            batch.GetProperty("id").GetString()!,
            batch.GetProperty("status").GetString()!,
            batch.GetProperty("endpoint").GetString()!,
            counts.GetProperty("total").GetInt32(),
            counts.GetProperty("completed").GetInt32(),
            counts.GetProperty("failed").GetInt32(),
            Text(batch, "output_file_id"),
            Text(batch, "error_file_id"),
            DateTimeOffset.FromUnixTimeSeconds(batch.GetProperty("created_at").GetInt64()),
            [.. ErrorsIn(batch)]);
    }

    private static string? Text(JsonElement batch, string property) =>
        batch.TryGetProperty(property, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static IEnumerable<string> ErrorsIn(JsonElement batch)
    {
        if (!batch.TryGetProperty("errors", out var errors) || errors.ValueKind != JsonValueKind.Object)
            yield break;
        foreach (var error in errors.GetProperty("data").EnumerateArray())
        {
            var line = error.TryGetProperty("line", out var number) && number.ValueKind == JsonValueKind.Number ? $"line {number}: " : "";
            yield return line + error.GetProperty("message").GetString();
        }
    }
}
