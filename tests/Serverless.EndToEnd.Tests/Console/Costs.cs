namespace Serverless.EndToEnd.Tests.Console;

/// <summary>Answers of <c>/v1/costs</c> with more tenants than the platform under test has.</summary>
internal static class Costs
{
    public static object Of(params (string Tenant, double Cost, double Seconds, int Requests)[] charges) => new
    {
        @object = "list",
        currency = "USD",
        by = "tenant",
        data = charges.Select(charge => new
        {
            key = charge.Tenant,
            day = (string?)null,
            cost = charge.Cost,
            device_seconds = charge.Seconds,
            requests = charge.Requests,
        }),
        total = charges.Sum(charge => charge.Cost),
    };
}
