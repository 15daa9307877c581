namespace Serverless.Gateway.Costs.Budgets;

/// <summary>What a tenant may spend, in the currency of prices.</summary>
internal sealed class Budget
{
    /// <summary>The tenant's name.</summary>
    public string Tenant { get; set; } = "";

    /// <summary>For one day of UTC; no limit unless set.</summary>
    public decimal? Daily { get; set; }

    /// <summary>For one month of UTC; no limit unless set.</summary>
    public decimal? Monthly { get; set; }

    /// <summary>The part of a budget from which answers and metrics tell of it; above 0 and up to 1, 0.8 unless set.</summary>
    public decimal AlertAt { get; set; } = 0.8m;
}
