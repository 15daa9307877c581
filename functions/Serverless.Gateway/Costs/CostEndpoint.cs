using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Serverless.Contracts.Costs;
using Serverless.Gateway.Authentication;
using Serverless.Gateway.Jobs;

namespace Serverless.Gateway.Costs;

/// <summary><c>GET /v1/costs</c>: a caller's own costs, and everybody's for operators.</summary>
internal sealed class CostEndpoint(CostTable table, TimeProvider time)
{
    public async Task HandleAsync(HttpContext context, Caller caller)
    {
        if (context.Request.Method != "GET")
            throw Methods.NotAllowed(context, "GET");
        var query = CostQuery.Read(context.Request.Query, DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime));
        var rows = (await table.ReadAsync(query.From, query.To, context.RequestAborted))
            .Where(row => caller.Allowed.HasFlag(Operations.Admin) || row.Tenant == caller.Name).ToList();
        await ListJson.AnswerAsync(context, json => Write(json, query, rows));
    }

    private static void Write(Utf8JsonWriter json, CostQuery query, List<CostRow> rows)
    {
        json.WriteStartObject();
        json.WriteString("object", "list");
        json.WriteString("currency", rows.Count > 0 ? rows[^1].Currency : "USD");
        json.WriteString("by", query.By);
        json.WriteStartArray("data");
        foreach (var group in rows.GroupBy(query.KeyOf, StringComparer.Ordinal).OrderBy(group => group.Key, StringComparer.Ordinal))
        {
            json.WriteStartObject();
            json.WriteString("key", group.Key);
            json.WriteString("day", query.By == "day" ? group.Key : null);
            json.WriteNumber("cost", CostOf(group));
            json.WriteNumber("device_seconds", Math.Round(group.Sum(row => row.DeviceSeconds), 6));
            json.WriteNumber("requests", group.Sum(row => row.Requests));
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteNumber("total", CostOf(rows));
        json.WriteEndObject();
    }

    private static decimal CostOf(IEnumerable<CostRow> rows) => (decimal)rows.Sum(row => row.Nanos) / CostTables.NanosPerUnit;
}
