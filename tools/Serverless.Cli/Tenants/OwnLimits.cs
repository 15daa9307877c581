using System.Text.Json;
using System.Text.Json.Serialization;
using Serverless.Cli.Api;

namespace Serverless.Cli.Tenants;

/// <summary>A tenant's own limits; null for what it has not.</summary>
internal sealed record OwnLimits(
    [property: JsonPropertyName("requests_per_minute")] int? Requests,
    [property: JsonPropertyName("tokens_per_minute")] int? Tokens,
    [property: JsonPropertyName("rows_per_minute")] int? Rows,
    [property: JsonPropertyName("concurrent_requests")] int? Concurrent,
    [property: JsonPropertyName("concurrent_batches")] int? Batches,
    [property: JsonPropertyName("daily_budget")] decimal? Daily,
    [property: JsonPropertyName("monthly_budget")] decimal? Monthly,
    [property: JsonPropertyName("budget_alert_at")] decimal? AlertAt)
{
    /// <summary>None at all.</summary>
    public static OwnLimits None { get; } = new(null, null, null, null, null, null, null, null);

    /// <summary>Sets what these say and leaves the tenant's others as they are; the tenant as it is then.</summary>
    public async Task<JsonElement> ApplyAsync(ApiClient api, string path, CancellationToken cancellationToken)
    {
        var before = (await api.GetAsync(path, cancellationToken)).Body.Deserialize<OwnLimits>()!;
        var after = new OwnLimits(
            Requests ?? before.Requests, Tokens ?? before.Tokens, Rows ?? before.Rows, Concurrent ?? before.Concurrent, Batches ?? before.Batches,
            Daily ?? before.Daily, Monthly ?? before.Monthly, AlertAt ?? before.AlertAt);
        return (await api.PutAsync(path, after, cancellationToken)).Body;
    }
}
