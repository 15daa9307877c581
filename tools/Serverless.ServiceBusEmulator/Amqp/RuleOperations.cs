using Microsoft.Azure.Amqp.Encoding;
using Serverless.ServiceBusEmulator.Entities;

namespace Serverless.ServiceBusEmulator.Amqp;

/// <summary>Management requests about a subscription's rules.</summary>
internal sealed class RuleOperations(Broker broker)
{
    public async Task<AmqpMap?> AddAsync(ManagementTarget target, ManagementArguments arguments)
    {
        var rule = RuleCodec.Read(arguments.Text("rule-name"), arguments.Map("rule-description")) with
        {
            CreatedAt = broker.Time.GetUtcNow(),
        };
        await broker.ChangeRulesAsync(target.Entity.Path, rules => rules.Add(rule));
        return new AmqpMap();
    }

    public async Task<AmqpMap?> RemoveAsync(ManagementTarget target, ManagementArguments arguments)
    {
        var name = arguments.Text("rule-name");
        await broker.ChangeRulesAsync(target.Entity.Path, rules => rules.Remove(name));
        return new AmqpMap();
    }

    public static async Task<AmqpMap?> ListAsync(ManagementTarget target, ManagementArguments arguments)
    {
        if (target.Entity is not SubscriptionEntity subscription)
            throw new BrokerException(BrokerError.NotAllowed, $"'{target.Entity.Path}' is not a subscription: it has no rules.");
        var skip = (int)arguments.Number("skip", 0);
        var top = (int)Math.Clamp(arguments.Number("top", 100), 0, 2000);
        var rules = await subscription.Loop.RunAsync(() => subscription.Rules.Descriptions);
        var page = rules.Skip(skip).Take(top)
            .Select(rule => new AmqpMap { [new MapKey("rule-description")] = RuleCodec.Write(rule) }).ToList();
        return page.Count == 0 ? null : new AmqpMap { [new MapKey("rules")] = page };
    }
}
