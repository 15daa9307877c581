namespace Serverless.Gateway.Costs.Budgets;

/// <summary>The tenants' budgets, section <c>Gateway</c>.</summary>
internal sealed class BudgetOptions
{
    /// <summary>Name of the section.</summary>
    public const string Section = "Gateway";

    /// <summary>At most one for each tenant; a tenant without one spends what it likes.</summary>
    public IList<Budget> Budgets { get; } = [];
}
