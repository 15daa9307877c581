using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Serverless.Gateway.Costs.Budgets;

namespace Serverless.Gateway.Costs;

internal static class CostServices
{
    /// <summary>Costs and budgets. Needs the tables of jobs.</summary>
    public static IServiceCollection AddCosts(this IServiceCollection services)
    {
        services.AddOptionsWithValidateOnStart<BudgetOptions>().BindConfiguration(BudgetOptions.Section);
        services.AddSingleton<IValidateOptions<BudgetOptions>, BudgetOptionsValidator>();
        return services
            .AddSingleton<CostTable>().AddSingleton<CostEndpoint>()
            .AddSingleton<BudgetMetrics>().AddSingleton<SpendingSnapshot>().AddSingleton<BudgetGate>();
    }
}
