using Serverless.ServiceBusEmulator.Entities;
using Serverless.ServiceBusEmulator.Topics;

namespace Serverless.ServiceBusEmulator.Configuration;

/// <summary>Brings the namespace in line with what is declared: missing entities are made, the others get the declared options.</summary>
internal static class Declaration
{
    public static async Task ApplyAsync(Broker broker, IEnumerable<EntityDescription> declared, CancellationToken cancellationToken)
    {
        foreach (var description in declared)
        {
            try
            {
                if (broker.Find(description.Path) is { } existing)
                    await UpdateAsync(broker, existing, description, cancellationToken);
                else
                    await broker.CreateAsync(description, cancellationToken);
            }
            catch (BrokerException exception)
            {
                throw new ConfigException(exception.Message);
            }
        }
    }

    private static async Task UpdateAsync(
        Broker broker, Entity existing, EntityDescription description, CancellationToken cancellationToken)
    {
        if (existing.Description.Kind != description.Kind
            || existing.Description.Options.RequiresSession != description.Options.RequiresSession)
        {
            throw new ConfigException(
                $"'{description.Path}' exists as another kind of entity or with another RequiresSession, which cannot change: "
                + "delete it, or the data directory.");
        }

        if (existing.Description.Options != description.Options)
            await broker.UpdateAsync(description.Path, current => current with { Options = description.Options }, cancellationToken);
        if (existing is SubscriptionEntity && description.Rules.Count > 0)
            await broker.ChangeRulesAsync(description.Path, rules => Replace(rules, description.Rules), cancellationToken);
    }

    private static void Replace(RuleSet rules, IReadOnlyList<RuleDescription> declared)
    {
        foreach (var rule in rules.Descriptions)
            rules.Remove(rule.Name);
        foreach (var rule in declared)
            rules.Add(rule);
    }
}
