using System.Globalization;
using System.Security.Cryptography;
using Azure;
using Azure.Data.Tables;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Serverless.Contracts.Http;
using Serverless.Gateway.Authentication;

namespace Serverless.Gateway.Audit;

/// <summary>
/// What operators did: an event in the log, and a row in a table. Never a body and never a query: keys and secrets may be in them. What was
/// refused for want of rights is in the log alone: a key that may do nothing could fill a table.
/// </summary>
internal sealed partial class AuditLog(TableServiceClient tables, CallerAddress addresses, TimeProvider time, ILogger<AuditLog> logger)
{
    private const string Name = "audit";
    private const int TimeDigits = 19;
    private const int ChanceDigits = 8;

    // What a table answers at once.
    private const int LongestAnswer = 1000;

    private readonly TableClient _table = tables.GetTableClient(Name);

    /// <summary>
    /// Writes down what is about to be done: a gateway that ends within it leaves a row without an outcome. A table that cannot be written to
    /// stops no operator; the event of <see cref="EndAsync"/> is in the log then.
    /// </summary>
    public async Task<AuditRow> BeginAsync(HttpContext context, Caller caller)
    {
        var now = time.GetUtcNow();
        var row = new AuditRow
        {
            PartitionKey = DayOf(now),
            RowKey = (DateTimeOffset.MaxValue.Ticks - now.Ticks).ToString($"d{TimeDigits}", CultureInfo.InvariantCulture)
                + RandomNumberGenerator.GetHexString(ChanceDigits, lowercase: true),
            At = now,
            Who = caller.Name,
            Credential = caller.Credential,
            What = WhatOf(context),
            Target = ShownText.Of(context.Request.Path.Value),
            From = addresses.Of(context),
        };
        await WriteAsync(row);
        return row;
    }

    /// <summary>Writes down how it ended.</summary>
    /// <param name="row">What <see cref="BeginAsync"/> gave.</param>
    /// <param name="context">The request.</param>
    /// <param name="outcome">HTTP status.</param>
    public async Task EndAsync(AuditRow row, HttpContext context, int outcome)
    {
        if (context.Response.Headers.Location is [{ } made])
            row.Target = made;
        row.Outcome = outcome;
        LogDone(row.Who, row.Credential, row.What, row.Target, row.From, outcome);
        await WriteAsync(row);
    }

    /// <summary>Notes that somebody tried what only operators may.</summary>
    public void LogRefused(HttpContext context, Caller caller) =>
        LogTried(caller.Name, caller.Credential, WhatOf(context), addresses.Of(context));

    /// <summary>Whether <paramref name="text"/> has the form of a row's id.</summary>
    public static bool IsId(string? text) => text is { Length: TimeDigits + ChanceDigits } && text.All(char.IsAsciiHexDigitLower);

    /// <summary>What was done on a day, the newest first.</summary>
    /// <param name="day">The day, in UTC.</param>
    /// <param name="after">The id after which to go on; null to begin.</param>
    /// <param name="limit">The most rows.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public async Task<List<AuditRow>> ListAsync(DateTimeOffset day, string? after, int limit, CancellationToken cancellationToken)
    {
        var rows = new List<AuditRow>();
        try
        {
            var filter = TableClient.CreateQueryFilter($"PartitionKey eq {DayOf(day)} and RowKey gt {after ?? ""}");
            await foreach (var row in _table.QueryAsync<AuditRow>(filter, Math.Min(limit, LongestAnswer), cancellationToken: cancellationToken))
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
        try
        {
            await UpsertAsync(row);
        }
        catch (Exception exception) when (exception is RequestFailedException or AggregateException)
        {
            LogNotWritten(row.What, exception);
        }
    }

    // Not with the caller's token: whoever left did it.
    private async Task UpsertAsync(AuditRow row)
    {
        try
        {
            await _table.UpsertEntityAsync(row, TableUpdateMode.Replace);
        }
        catch (RequestFailedException exception) when (exception.Status == 404)
        {
            await _table.CreateIfNotExistsAsync();
            await _table.UpsertEntityAsync(row, TableUpdateMode.Replace);
        }
    }

    private static string DayOf(DateTimeOffset time) => time.ToString("yyyyMMdd", CultureInfo.InvariantCulture);

    private static string WhatOf(HttpContext context) => $"{context.Request.Method} {ShownText.Of(context.Request.Path.Value)}";

    [LoggerMessage(1, LogLevel.Information, "{Who} ({Credential}) did {What} to {Target} from {From}: {Outcome}")]
    private partial void LogDone(string who, string credential, string what, string target, string from, int outcome);

    [LoggerMessage(2, LogLevel.Warning, "{Who} ({Credential}) tried {What} from {From}, which is for operators")]
    private partial void LogTried(string who, string credential, string what, string from);

    [LoggerMessage(3, LogLevel.Error, "{What} could not be written to the audit table; the events beside this one say who did it")]
    private partial void LogNotWritten(string what, Exception exception);
}
