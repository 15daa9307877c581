using Azure.Messaging.ServiceBus;
using Azure.Messaging.ServiceBus.Administration;
using Serverless.ServiceBusEmulator.Queues;
using Serverless.ServiceBusEmulator.Topics;

namespace Serverless.ServiceBusEmulator.Tests.Topics;

public sealed class TopicTests(EmulatorFixture emulator) : IClassFixture<EmulatorFixture>
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Send_Topic_ReachesEverySubscription()
    {
        var topic = await emulator.CreateTopicAsync();
        await emulator.CreateSubscriptionAsync(topic, "one");
        await emulator.CreateSubscriptionAsync(topic, "two");

        await SendAsync(topic, new ServiceBusMessage("x"));

        Assert.Equal(["x"], await DrainAsync(topic, "one"));
        Assert.Equal(["x"], await DrainAsync(topic, "two"));
    }

    [Fact]
    public async Task Filters_OfSubscriptions_Select()
    {
        var topic = await emulator.CreateTopicAsync();
        await emulator.CreateSubscriptionAsync(topic, "sql", null, Sql("big", "size > 10 AND sys.Label LIKE 'order%'"));
        await emulator.CreateSubscriptionAsync(topic, "correlation", null, new RuleDescription
        {
            Name = "red",
            Kind = RuleFilterKind.Correlation,
            Correlation = new CorrelationFilter
            {
                Label = "orders",
                Properties = new Dictionary<string, PropertyValue> { ["color"] = PropertyValue.Of("red") },
            },
        });

        await SendAsync(
            topic,
            new ServiceBusMessage("a") { Subject = "orders", ApplicationProperties = { ["size"] = 20, ["color"] = "blue" } },
            new ServiceBusMessage("b") { Subject = "orders", ApplicationProperties = { ["size"] = 5, ["color"] = "red" } },
            new ServiceBusMessage("c") { Subject = "other", ApplicationProperties = { ["size"] = 20, ["color"] = "red" } });

        Assert.Equal(["a"], await DrainAsync(topic, "sql"));
        Assert.Equal(["b"], await DrainAsync(topic, "correlation"));
    }

    [Fact]
    public async Task Action_OfMatchingRule_ChangesTheCopy()
    {
        var topic = await emulator.CreateTopicAsync();
        await emulator.CreateSubscriptionAsync(topic, "plain");
        await emulator.CreateSubscriptionAsync(
            topic, "changed", null, Sql("act", "1 = 1") with { SqlAction = "SET sys.Label = 'new'; SET doubled = size * 2; REMOVE color" });

        await SendAsync(
            topic, new ServiceBusMessage("x") { Subject = "old", ApplicationProperties = { ["size"] = 21, ["color"] = "red" } });

        await using var plain = emulator.Client.CreateReceiver(topic, "plain");
        await using var changed = emulator.Client.CreateReceiver(topic, "changed");
        var original = await plain.ReceiveMessageAsync(cancellationToken: Cancelled);
        var copy = await changed.ReceiveMessageAsync(cancellationToken: Cancelled);
        Assert.Equal("old", original.Subject);
        Assert.Equal("red", original.ApplicationProperties["color"]);
        Assert.Equal("new", copy.Subject);
        Assert.Equal(42L, copy.ApplicationProperties["doubled"]);
        Assert.False(copy.ApplicationProperties.ContainsKey("color"));
    }

    [Fact]
    public async Task RuleManager_AddListRemove_TakesEffect()
    {
        var topic = await emulator.CreateTopicAsync();
        await emulator.CreateSubscriptionAsync(topic, "one");
        await using var manager = emulator.Client.CreateRuleManager(topic, "one");

        await manager.DeleteRuleAsync("$Default", Cancelled);
        await manager.CreateRuleAsync("sql", new SqlRuleFilter("n = 1"), Cancelled);
        await manager.CreateRuleAsync(
            "correlation", new CorrelationRuleFilter("c") { ApplicationProperties = { ["n"] = 2 } },
            Cancelled);
        var rules = new List<RuleProperties>();
        await foreach (var rule in manager.GetRulesAsync(Cancelled))
            rules.Add(rule);
        await SendAsync(
            topic,
            new ServiceBusMessage("a") { ApplicationProperties = { ["n"] = 1 } },
            new ServiceBusMessage("b") { CorrelationId = "c", ApplicationProperties = { ["n"] = 2 } },
            new ServiceBusMessage("c") { ApplicationProperties = { ["n"] = 2 } });

        Assert.Equal(["correlation", "sql"], rules.Select(rule => rule.Name));
        Assert.Equal(["a", "b"], await DrainAsync(topic, "one"));
    }

    [Fact]
    public async Task Schedule_ToTopic_ReachesSubscriptionsWhenDue()
    {
        var topic = await emulator.CreateTopicAsync();
        await emulator.CreateSubscriptionAsync(topic, "one");
        await using var sender = emulator.Client.CreateSender(topic);
        await using var receiver = emulator.Client.CreateReceiver(topic, "one");

        var cancelled = await sender.ScheduleMessageAsync(
            new ServiceBusMessage("no"), emulator.Time.GetUtcNow().AddMinutes(5), Cancelled);
        await sender.ScheduleMessageAsync(new ServiceBusMessage("yes"), emulator.Time.GetUtcNow().AddMinutes(5), Cancelled);
        await sender.CancelScheduledMessageAsync(cancelled, Cancelled);

        emulator.Time.Advance(TimeSpan.FromMinutes(6));
        var message = await receiver.ReceiveMessageAsync(cancellationToken: Cancelled);
        Assert.Equal("yes", message.Body.ToString());
        await Assert.ThrowsAsync<ServiceBusException>(() => sender.CancelScheduledMessageAsync(cancelled, Cancelled));
    }

    [Fact]
    public async Task DuplicateDetection_OnTopic_KeepsOne()
    {
        var topic = await emulator.CreateTopicAsync(new QueueOptions { RequiresDuplicateDetection = true });
        await emulator.CreateSubscriptionAsync(topic, "one");

        await SendAsync(topic, new ServiceBusMessage("a") { MessageId = "1" }, new ServiceBusMessage("b") { MessageId = "1" });

        Assert.Equal(["a"], await DrainAsync(topic, "one"));
    }

    [Fact]
    public async Task Subscription_DeadLetter_IsPerSubscription()
    {
        var topic = await emulator.CreateTopicAsync();
        await emulator.CreateSubscriptionAsync(topic, "one");
        await SendAsync(topic, new ServiceBusMessage("x"));
        await using var receiver = emulator.Client.CreateReceiver(topic, "one");
        await receiver.DeadLetterMessageAsync(
            await receiver.ReceiveMessageAsync(cancellationToken: Cancelled), "why", cancellationToken: Cancelled);

        await using var dead = emulator.Client.CreateReceiver(
            topic, "one", new ServiceBusReceiverOptions { SubQueue = SubQueue.DeadLetter });

        Assert.Equal("why", (await dead.ReceiveMessageAsync(cancellationToken: Cancelled)).DeadLetterReason);
    }

    [Fact]
    public async Task SessionSubscription_MessageWithoutSession_IsDeadLettered()
    {
        var topic = await emulator.CreateTopicAsync();
        await emulator.CreateSubscriptionAsync(topic, "one", new QueueOptions { RequiresSession = true });
        await SendAsync(topic, new ServiceBusMessage("x"), new ServiceBusMessage("y") { SessionId = "s" });

        await using var session = await emulator.Client.AcceptNextSessionAsync(topic, "one", cancellationToken: Cancelled);
        await using var dead = emulator.Client.CreateReceiver(
            topic, "one", new ServiceBusReceiverOptions { SubQueue = SubQueue.DeadLetter });

        Assert.Equal("y", (await session.ReceiveMessageAsync(cancellationToken: Cancelled)).Body.ToString());
        Assert.Equal("Session ID is null.", (await dead.ReceiveMessageAsync(cancellationToken: Cancelled)).DeadLetterReason);
    }

    private static RuleDescription Sql(string name, string expression) =>
        new() { Name = name, Kind = RuleFilterKind.Sql, SqlExpression = expression };

    private async Task SendAsync(string topic, params ServiceBusMessage[] messages)
    {
        await using var sender = emulator.Client.CreateSender(topic);
        await sender.SendMessagesAsync(messages, Cancelled);
    }

    private async Task<List<string>> DrainAsync(string topic, string subscription)
    {
        await using var receiver = emulator.Client.CreateReceiver(topic, subscription);
        var peeked = await receiver.PeekMessagesAsync(100, cancellationToken: Cancelled);
        return [.. peeked.Select(message => message.Body.ToString())];
    }
}
