using System.Globalization;
using Microsoft.AspNetCore.Http;
using Serverless.Contracts.Errors;
using Serverless.Gateway.Jobs;

namespace Serverless.Gateway.Audit;

/// <summary><c>GET /v1/admin/audit</c>: what operators did on a day, today unless <c>day</c> says another.</summary>
internal sealed class AuditEndpoint(AuditLog log, TimeProvider time)
{
    private const int LongestPage = 1000;
    private const int UsualPage = 100;

    public async Task HandleAsync(HttpContext context)
    {
        if (context.Request.Method != "GET")
            throw Methods.NotAllowed(context, "GET");
        var day = DayOf(context.Request.Query["day"]);
        var page = PageQuery.From(context.Request.Query, LongestPage, UsualPage, AuditLog.IsId);
        // One more than the page tells whether there is another.
        var rows = await log.ListAsync(day, page.After, page.Limit + 1, context.RequestAborted);
        var hasMore = rows.Count > page.Limit;
        if (hasMore)
            rows.RemoveAt(page.Limit);
        await ListJson.AnswerPageAsync(context, rows, hasMore, row => row.RowKey, (json, row) =>
        {
            json.WriteStartObject();
            json.WriteString("id", row.RowKey);
            json.WriteNumber("at", row.At.ToUnixTimeSeconds());
            json.WriteString("who", row.Who);
            json.WriteString("credential", row.Credential);
            json.WriteString("what", row.What);
            json.WriteString("target", row.Target);
            json.WriteString("from", row.From);
            json.WriteString("status", row.Outcome is null ? "unfinished" : "finished");
            if (row.Outcome is { } outcome)
                json.WriteNumber("outcome", outcome);
            else
                json.WriteNull("outcome");
            json.WriteEndObject();
        });
    }

    private DateTimeOffset DayOf(string? text)
    {
        if (string.IsNullOrEmpty(text))
            return time.GetUtcNow();
        return DateTimeOffset.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var day)
            ? day
            : throw new InferenceException(ErrorKind.InvalidRequest, "'day' must be a day in UTC such as 2026-11-27.", "day");
    }
}
