using System.Globalization;
using Microsoft.AspNetCore.Http;
using Serverless.Contracts.Costs;
using Serverless.Contracts.Errors;

namespace Serverless.Gateway.Costs;

/// <summary>What is asked of <c>/v1/costs</c>.</summary>
/// <param name="From">The first day; the first of the month of <paramref name="To"/> unless given.</param>
/// <param name="To">The last day; today (UTC) unless given.</param>
/// <param name="By">What costs are added up by: <c>tenant</c> (unless given), <c>model</c> or <c>day</c>.</param>
internal sealed record CostQuery(DateOnly From, DateOnly To, string By)
{
    private const int MostDays = 366;

    /// <exception cref="InferenceException">A parameter is not what it may be.</exception>
    public static CostQuery Read(IQueryCollection query, DateOnly today)
    {
        var to = ReadDay(query, "to") ?? today;
        var from = ReadDay(query, "from") ?? new DateOnly(to.Year, to.Month, 1);
        if (from > to || to.DayNumber - from.DayNumber >= MostDays)
            throw Invalid("from", $"from must be a day no later than to and less than {MostDays} days before it");
        var by = query["by"].FirstOrDefault() ?? "tenant";
        return by is "tenant" or "model" or "day" ? new CostQuery(from, to, by) : throw Invalid("by", "by must be tenant, model or day");
    }

    /// <summary>What <paramref name="row"/> is added up under.</summary>
    public string KeyOf(CostRow row) => By switch
    {
        "tenant" => row.Tenant,
        "model" => row.Model.Length > 0 ? row.Model : CostTables.Idle,
        _ => row.PartitionKey,
    };

    private static DateOnly? ReadDay(IQueryCollection query, string name)
    {
        if (query[name].FirstOrDefault() is not { } text)
            return null;
        return DateOnly.TryParseExact(text, CostTables.DayFormat, CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
            ? day
            : throw Invalid(name, $"{name} must be a day such as 2026-01-31");
    }

    private static InferenceException Invalid(string name, string rule) => new(ErrorKind.InvalidRequest, $"{rule}.", name);
}
