using Serverless.ServiceBusEmulator.Entities;
using Serverless.ServiceBusEmulator.Messages;

namespace Serverless.ServiceBusEmulator.Topics;

/// <summary>A subscription's rules: which copies of a message it gets.</summary>
internal sealed class RuleSet
{
    // Azure's limit is 2000 per topic with correlation filters; one subscription cannot have more.
    private const int MaxRules = 2000;

    private readonly SortedDictionary<string, Rule> _rules = new(StringComparer.OrdinalIgnoreCase);

    public RuleSet(IEnumerable<RuleDescription> rules)
    {
        foreach (var rule in rules)
            Add(rule);
    }

    public IReadOnlyList<RuleDescription> Descriptions => [.. _rules.Values.Select(rule => rule.Description)];

    public void Add(RuleDescription description)
    {
        if (_rules.ContainsKey(description.Name))
            throw new BrokerException(BrokerError.EntityAlreadyExists, $"The rule '{description.Name}' exists already.");
        if (_rules.Count >= MaxRules)
            throw new BrokerException(BrokerError.QuotaExceeded, $"A subscription can have at most {MaxRules} rules.");
        _rules.Add(description.Name, new Rule(description));
    }

    public void Replace(RuleDescription description)
    {
        var rule = new Rule(description);
        if (!_rules.ContainsKey(description.Name))
            throw Missing(description.Name);
        _rules[description.Name] = rule;
    }

    public void Remove(string name)
    {
        if (!_rules.Remove(name))
            throw Missing(name);
    }

    /// <summary>
    /// The contents to enqueue: the message itself once when any rule without an action matches, and one changed copy for
    /// each matching rule that has one.
    /// </summary>
    public IEnumerable<byte[]> Copies(byte[] content)
    {
        MessageDraft? draft = null;
        var isPlain = false;
        foreach (var rule in _rules.Values)
        {
            draft ??= rule.IsUnconditional ? null : new MessageDraft(content);
            if (!rule.Matches(draft) || (rule.Action.Count == 0 && isPlain))
                continue;
            isPlain |= rule.Action.Count == 0;
            yield return rule.Action.Count == 0 ? content : Change(content, rule);
        }
    }

    private static byte[] Change(byte[] content, Rule rule)
    {
        var copy = new MessageDraft(content);
        foreach (var statement in rule.Action)
            statement.Apply(copy);
        return copy.ToContent();
    }

    private static BrokerException Missing(string name) =>
        new(BrokerError.EntityNotFound, $"There is no rule '{name}' in this subscription.");
}
