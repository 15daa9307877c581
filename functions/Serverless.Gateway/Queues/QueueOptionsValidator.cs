using System.Text.RegularExpressions;
using Microsoft.Extensions.Options;
using Serverless.Contracts.Costs;

namespace Serverless.Gateway.Queues;

/// <summary>Refuses tenants whose names cannot end a queue's name.</summary>
internal sealed partial class QueueOptionsValidator : IValidateOptions<QueueOptions>
{
    public ValidateOptionsResult Validate(string? name, QueueOptions options)
    {
        var tenants = options.Tenants ?? [];
        var faults = tenants.Index()
            .Where(pair => !NameRule().IsMatch(pair.Item) || pair.Item == "poison" || CostTables.IsReserved(pair.Item) || tenants.IndexOf(pair.Item) != pair.Index)
            .Select(pair => $"{QueueOptions.Section}:Tenants:{pair.Index} must be the name of a tenant, once, of 1 to 37 lower-case letters, "
                + "digits and single dashes between them, and none of 'poison', 'idle' and 'others'.")
            .ToList();
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    // A queue's name has 63 characters: 19 before the tenant, and 7 for "-poison" behind it.
    [GeneratedRegex(@"\A(?=.{1,37}\z)[a-z0-9]+(-[a-z0-9]+)*\z", RegexOptions.CultureInvariant)]
    private static partial Regex NameRule();
}
