namespace Serverless.Gateway.RateLimits;

/// <summary>What units are called in headers and messages.</summary>
internal static class RateUnitNames
{
    public static string NameOf(this RateUnit unit) => unit switch
    {
        RateUnit.Tokens => "tokens",
        RateUnit.Rows => "rows",
        _ => "requests",
    };
}
