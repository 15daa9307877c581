using System.Globalization;
using System.Security.Cryptography;
using Azure;
using Azure.Data.Tables;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Serverless.Gateway.Authentication;

namespace Serverless.Gateway.Audit;

/// <summary>
/// What operators did: an event in the log, and a row in a table. Never a body and never a query: keys and secrets may be in them. What was
/// refused for want of rights is in the log alone: a key that may do nothing could fill a table.
/// </summary>
internal sealed partial class AuditLog(TableServiceClient tables, TimeProvider time, ILogger<AuditLog> logger)
{
    private const string Name = "audit";
    private const int LongestText = 256;

    private readonly TableClient _table = tables.GetTableClient(Name);

    /// <summary>Writes down what was done; a table that cannot be written to leaves the event in the log.</summary>
    public async Task AddAsync(HttpContext context, Caller caller, int outcome)
    {
        var now = time.GetUtcNow();
        var row = new AuditRow
        {
            PartitionKey = DayOf(now),
            RowKey = (DateTimeOffset.MaxValue.Ticks - now.Ticks).ToString("d19", CultureInfo.InvariantCulture) + RandomNumberGenerator.GetHexString(8, lowercase: true),
            At = now,
            Who = caller.Name,
            Credential = caller.Credential,
            What = $"{context.Request.Method} {PathOf(context)}",
            Target = context.Response.Headers.Location is [{ } made] ? made : PathOf(context),
            From = FromOf(context),
            Outcome = outcome,
        };
        LogDone(row.Who, row.Credential, row.What, row.Target, row.From, outcome);
        try
        {
            await WriteAsync(row);
        }
        catch (Exception exception) when (exception is RequestFailedException or AggregateException)
        {
            LogNotWritten(row.What, exception);
        }
    }

    /// <summary>Notes that somebody tried what only operators may.</summary>
    public void LogRefused(HttpContext context, Caller caller) =>
        LogTried(caller.Name, caller.Credential, $"{context.Request.Method} {PathOf(context)}", FromOf(context));

    /// <summary>What was done on a day, the newest first.</summary>
    public async Task<List<AuditRow>> ListAsync(DateTimeOffset day, int limit, CancellationToken cancellationToken)
    {
        var rows = new List<AuditRow>();
        try
        {
            var filter = TableClient.CreateQueryFilter($"PartitionKey eq {DayOf(day)}");
            await foreach (var row in _table.QueryAsync<AuditRow>(filter, limit, cancellationToken: cancellationToken))
            {
                rows.Add(row);
                if (rows.Count == limit)
                    break;
            }
        }
        catch (RequestFailedException exception) when (exception.Status == 404)
        {
            // Nothing was ever done.
        }

        return rows;
    }

    private async Task WriteAsync(AuditRow row)
    {
        // Not with the caller's token: it is done, and whoever left did it.
        try
        {
            await _table.AddEntityAsync(row);
        }
        catch (RequestFailedException exception) when (exception.Status == 404)
        {
            await _table.CreateIfNotExistsAsync();
            await _table.AddEntityAsync(row);
        }
    }

    private static string DayOf(DateTimeOffset time) => time.ToString("yyyyMMdd", CultureInfo.InvariantCulture);

    private static string PathOf(HttpContext context) => Plain(context.Request.Path.Value ?? "");

    private static string FromOf(HttpContext context) =>
        Plain(context.Request.Headers["X-Forwarded-For"].ToString() is { Length: > 0 } forwarded
            ? forwarded
            : context.Connection.RemoteIpAddress?.ToString() ?? "");

    // A line of a log stays one.
    private static string Plain(string text) =>
        string.Concat(text.Take(LongestText).Where(letter => !char.IsControl(letter)));

    [LoggerMessage(1, LogLevel.Information, "{Who} ({Credential}) did {What} to {Target} from {From}: {Outcome}")]
    private partial void LogDone(string who, string credential, string what, string target, string from, int outcome);

    [LoggerMessage(2, LogLevel.Warning, "{Who} ({Credential}) tried {What} from {From}, which is for operators")]
    private partial void LogTried(string who, string credential, string what, string from);

    [LoggerMessage(3, LogLevel.Error, "{What} could not be written to the audit table; the event before says who did it")]
    private partial void LogNotWritten(string what, Exception exception);
}
