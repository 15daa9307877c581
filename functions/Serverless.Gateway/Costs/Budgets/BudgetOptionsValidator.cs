using Microsoft.Extensions.Options;

namespace Serverless.Gateway.Costs.Budgets;

/// <summary>Refuses budgets that cannot be meant.</summary>
internal sealed class BudgetOptionsValidator : IValidateOptions<BudgetOptions>
{
    public ValidateOptionsResult Validate(string? name, BudgetOptions options)
    {
        var faults = Faults(options.Budgets).ToList();
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    private static IEnumerable<string> Faults(IList<Budget> budgets)
    {
        for (var i = 0; i < budgets.Count; i++)
        {
            var (budget, setting) = (budgets[i], $"{BudgetOptions.Section}:Budgets:{i}");
            if (budget.Tenant.Length == 0)
                yield return $"{setting}:Tenant is missing.";
            if (budgets.Take(i).Any(other => other.Tenant == budget.Tenant))
                yield return $"{setting}:Tenant '{budget.Tenant}' has a budget already.";
            if (budget is { Daily: null, Monthly: null } or { Daily: < 0 } or { Monthly: < 0 })
                yield return $"{setting} must have Daily or Monthly, 0 at least.";
            if (budget.AlertAt is <= 0 or > 1)
                yield return $"{setting}:AlertAt must be above 0 and up to 1, not {budget.AlertAt}.";
        }
    }
}
