using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Serverless.Contracts.Errors;
using Serverless.Contracts.Http;

namespace Serverless.Gateway.Costs.Budgets;

/// <summary>Refuses work of a tenant whose budget is spent, and tells of one that is nearly. What runs already is finished.</summary>
internal sealed partial class BudgetGate(SpendingSnapshot spending, BudgetMetrics metrics, TimeProvider time, ILogger<BudgetGate> logger)
{
    // Who was told of, and for which day: an alert is one line a day, not one a request.
    private readonly ConcurrentDictionary<(string Tenant, string Period), DateOnly> _told = [];

    /// <param name="budget">The budget.</param>
    /// <param name="headers">Those of an answer, which are to tell of a budget that is nearly spent; null where there is none.</param>
    /// <exception cref="InferenceException">
    /// <see cref="ErrorKind.BudgetSpent"/> for the month's, <see cref="ErrorKind.DailyBudgetSpent"/> for the day's.
    /// </exception>
    public async ValueTask CheckAsync(Budget budget, IHeaderDictionary? headers)
    {
        var spent = await spending.OfAsync(budget.Tenant);
        var month = Use(headers, budget, "month", spent.Month, budget.Monthly);
        var day = Use(headers, budget, "day", spent.Today, budget.Daily);
        // Who has neither left must wait for the month.
        if (month >= 1)
            throw Refuse(budget, "month", new InferenceError(
                ErrorKind.BudgetSpent, Text($"The budget of {budget.Monthly} for this month is spent; an operator can raise it.")));
        if (day >= 1)
            throw Refuse(budget, "day", new InferenceError(
                ErrorKind.DailyBudgetSpent, Text($"The budget of {budget.Daily} for today is spent; the next day begins at 00:00 UTC."), RetryAfter: UntilTomorrow()));
    }

    private decimal Use(IHeaderDictionary? headers, Budget budget, string period, decimal spent, decimal? limit)
    {
        if (limit is not { } most)
            return 0;
        var used = most == 0 ? 1 : spent / most;
        metrics.Used(budget.Tenant, period, (double)used);
        if (used < budget.AlertAt)
            return used;
        if (headers?.ContainsKey(InferenceHeaders.BudgetUsed) == false)
            headers[InferenceHeaders.BudgetUsed] = used.ToString("0.##", CultureInfo.InvariantCulture);
        Tell(budget.Tenant, used, period);
        return used;
    }

    private void Tell(string tenant, decimal used, string period)
    {
        var today = DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);
        if (_told.TryGetValue((tenant, period), out var day) && day == today)
            return;
        _told[(tenant, period)] = today;
        LogAlert(logger, tenant, used, period);
    }

    private InferenceException Refuse(Budget budget, string period, InferenceError error)
    {
        metrics.Refused(budget.Tenant, period);
        return new InferenceException(error);
    }

    private TimeSpan UntilTomorrow()
    {
        var now = time.GetUtcNow();
        return now.UtcDateTime.Date.AddDays(1) - now.UtcDateTime;
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    [LoggerMessage(1, LogLevel.Warning, "Tenant {Tenant} has spent {Used:P0} of its budget of the {Period}")]
    private static partial void LogAlert(ILogger logger, string tenant, decimal used, string period);
}
