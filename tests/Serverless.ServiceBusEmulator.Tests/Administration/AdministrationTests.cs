using Azure.Messaging.ServiceBus;
using Azure.Messaging.ServiceBus.Administration;

namespace Serverless.ServiceBusEmulator.Tests.Administration;

public sealed class AdministrationTests(EmulatorFixture emulator) : IClassFixture<EmulatorFixture>
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private ServiceBusAdministrationClient Admin => new(emulator.Emulator.AdministrationConnectionString);

    [Fact]
    public async Task Queue_CreateReadUpdateDelete_Works()
    {
        var name = emulator.NewName("admin-queue");
        var target = await emulator.CreateQueueAsync();

        QueueProperties created = await Admin.CreateQueueAsync(
            new CreateQueueOptions(name)
            {
                LockDuration = TimeSpan.FromSeconds(45),
                MaxDeliveryCount = 4,
                RequiresSession = true,
                ForwardDeadLetteredMessagesTo = target,
                DefaultMessageTimeToLive = TimeSpan.FromHours(2),
                DeadLetteringOnMessageExpiration = true,
                UserMetadata = "mine",
                RequiresDuplicateDetection = true,
                DuplicateDetectionHistoryTimeWindow = TimeSpan.FromMinutes(3),
            },
            Cancelled);
        Assert.True(await Admin.QueueExistsAsync(name, Cancelled));
        created.MaxDeliveryCount = 7;
        created.ForwardDeadLetteredMessagesTo = null;
        await Admin.UpdateQueueAsync(created, Cancelled);
        QueueProperties read = await Admin.GetQueueAsync(name, Cancelled);

        Assert.Equal(TimeSpan.FromSeconds(45), read.LockDuration);
        Assert.Equal(7, read.MaxDeliveryCount);
        Assert.True(read.RequiresSession);
        Assert.True(read.RequiresDuplicateDetection);
        Assert.True(read.DeadLetteringOnMessageExpiration);
        Assert.Equal(TimeSpan.FromMinutes(3), read.DuplicateDetectionHistoryTimeWindow);
        Assert.Equal(TimeSpan.FromHours(2), read.DefaultMessageTimeToLive);
        Assert.Equal("mine", read.UserMetadata);
        Assert.Null(read.ForwardDeadLetteredMessagesTo);
        await Admin.DeleteQueueAsync(name, Cancelled);
        Assert.False(await Admin.QueueExistsAsync(name, Cancelled));
    }

    [Fact]
    public async Task Queue_CreatedTwice_ExistsAlready()
    {
        var name = await emulator.CreateQueueAsync();

        var error = await Assert.ThrowsAsync<ServiceBusException>(() => Admin.CreateQueueAsync(name, Cancelled));

        Assert.Equal(ServiceBusFailureReason.MessagingEntityAlreadyExists, error.Reason);
    }

    [Fact]
    public async Task Queue_Missing_IsNotFound()
    {
        var error = await Assert.ThrowsAsync<ServiceBusException>(() => Admin.GetQueueAsync("missing", Cancelled));

        Assert.Equal(ServiceBusFailureReason.MessagingEntityNotFound, error.Reason);
    }

    [Fact]
    public async Task Queue_InvalidOption_IsRefusedWithTheBounds()
    {
        var error = await Assert.ThrowsAsync<ArgumentException>(
            () => Admin.CreateQueueAsync(new CreateQueueOptions("bad") { MaxDeliveryCount = 5000 }, Cancelled));

        Assert.Contains("MaxDeliveryCount 5000; 1 to 2000 are allowed", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Queue_SessionsChanged_IsRefused()
    {
        var name = await emulator.CreateQueueAsync();
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Put, $"http://localhost:{emulator.Emulator.HttpPort}/{name}")
        {
            Content = new StringContent("""
                <entry xmlns="http://www.w3.org/2005/Atom"><content type="application/xml">
                <QueueDescription xmlns="http://schemas.microsoft.com/netservices/2010/10/servicebus/connect">
                <RequiresSession>true</RequiresSession></QueueDescription></content></entry>
                """),
        };
        request.Headers.Add("If-Match", "*");

        using var response = await http.SendAsync(request, Cancelled);

        Assert.Equal(System.Net.HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains("cannot change", await response.Content.ReadAsStringAsync(Cancelled), StringComparison.Ordinal);
    }

    [Fact]
    public async Task RuntimeProperties_OfQueue_CountEachState()
    {
        var name = await emulator.CreateQueueAsync();
        await using var sender = emulator.Client.CreateSender(name);
        await using var receiver = emulator.Client.CreateReceiver(name);
        await sender.SendMessagesAsync([new("a"), new("b"), new("c")], Cancelled);
        await sender.ScheduleMessageAsync(new ServiceBusMessage("d"), emulator.Time.GetUtcNow().AddHours(1), Cancelled);
        await receiver.DeadLetterMessageAsync(
            await receiver.ReceiveMessageAsync(cancellationToken: Cancelled), cancellationToken: Cancelled);

        QueueRuntimeProperties runtime = await Admin.GetQueueRuntimePropertiesAsync(name, Cancelled);

        Assert.Equal((2, 1, 1, 4), (
            runtime.ActiveMessageCount, runtime.DeadLetterMessageCount, runtime.ScheduledMessageCount, runtime.TotalMessageCount));
        Assert.True(runtime.SizeInBytes > 0);
        Assert.InRange(runtime.CreatedAt, emulator.Time.GetUtcNow().AddMinutes(-5), emulator.Time.GetUtcNow());
    }

    [Fact]
    public async Task TopicSubscriptionRules_CreateListUpdateDelete_Work()
    {
        var topic = emulator.NewName("admin-topic");
        await Admin.CreateTopicAsync(new CreateTopicOptions(topic) { DefaultMessageTimeToLive = TimeSpan.FromDays(1) }, Cancelled);
        await Admin.CreateSubscriptionAsync(
            new CreateSubscriptionOptions(topic, "one") { LockDuration = TimeSpan.FromSeconds(20) },
            new CreateRuleOptions("first", new SqlRuleFilter("n > 1")) { Action = new SqlRuleAction("SET x = 'y'") }, Cancelled);
        await Admin.CreateRuleAsync(
            topic, "one",
            new CreateRuleOptions("second", new CorrelationRuleFilter { Subject = "s", ApplicationProperties = { ["n"] = 5 } }), Cancelled);

        var rules = new List<RuleProperties>();
        await foreach (var rule in Admin.GetRulesAsync(topic, "one", Cancelled))
            rules.Add(rule);
        Assert.Equal(["first", "second"], rules.Select(rule => rule.Name));
        Assert.Equal("n > 1", Assert.IsType<SqlRuleFilter>(rules[0].Filter).SqlExpression);
        Assert.Equal("SET x = 'y'", Assert.IsType<SqlRuleAction>(rules[0].Action).SqlExpression);
        Assert.Equal(5, Assert.IsType<CorrelationRuleFilter>(rules[1].Filter).ApplicationProperties["n"]);

        rules[0].Filter = new FalseRuleFilter();
        await Admin.UpdateRuleAsync(topic, "one", rules[0], Cancelled);
        Assert.IsType<FalseRuleFilter>(((RuleProperties)await Admin.GetRuleAsync(topic, "one", "first", Cancelled)).Filter);
        await Admin.DeleteRuleAsync(topic, "one", "first", Cancelled);
        Assert.False(await Admin.RuleExistsAsync(topic, "one", "first", Cancelled));

        await emulator.Client.CreateSender(topic).SendMessageAsync(
            new ServiceBusMessage("m") { Subject = "s", ApplicationProperties = { ["n"] = 5 } }, Cancelled);
        SubscriptionRuntimeProperties runtime = await Admin.GetSubscriptionRuntimePropertiesAsync(topic, "one", Cancelled);
        Assert.Equal(1, runtime.ActiveMessageCount);
        Assert.Equal(1, ((TopicRuntimeProperties)await Admin.GetTopicRuntimePropertiesAsync(topic, Cancelled)).SubscriptionCount);

        await Admin.DeleteTopicAsync(topic, Cancelled);
        Assert.False(await Admin.SubscriptionExistsAsync(topic, "one", Cancelled));
    }

    [Fact]
    public async Task Rule_WithBadSql_IsRefusedWithThePlace()
    {
        var topic = await emulator.CreateTopicAsync();
        await emulator.CreateSubscriptionAsync(topic, "one");

        var error = await Assert.ThrowsAsync<ArgumentException>(() => Admin.CreateRuleAsync(
            topic, "one", new CreateRuleOptions("bad", new SqlRuleFilter("a = = 1")), Cancelled));

        Assert.Contains("at character 5", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Lists_OfManyQueues_ComeInPages()
    {
        var names = new List<string>();
        for (var count = 0; count < 120; count++)
            names.Add(await emulator.CreateQueueAsync());

        var listed = new List<string>();
        await foreach (var queue in Admin.GetQueuesAsync(Cancelled))
            listed.Add(queue.Name);

        Assert.Empty(names.Except(listed));
        Assert.Equal(listed.Distinct().Count(), listed.Count);
        await foreach (var topic in Admin.GetTopicsAsync(Cancelled))
            Assert.DoesNotContain(topic.Name, names);
    }

    [Fact]
    public async Task Delete_QueueWithReceiver_EndsTheReceiver()
    {
        var name = await emulator.CreateQueueAsync();
        await using var receiver = emulator.Client.CreateReceiver(name);
        Assert.Null(await receiver.ReceiveMessageAsync(TimeSpan.FromMilliseconds(100), Cancelled));

        await Admin.DeleteQueueAsync(name, Cancelled);

        var error = await Assert.ThrowsAsync<ServiceBusException>(() => receiver.ReceiveMessageAsync(cancellationToken: Cancelled));
        Assert.Equal(ServiceBusFailureReason.MessagingEntityNotFound, error.Reason);
    }

    [Fact]
    public async Task Health_Running_IsHealthy()
    {
        using var http = new HttpClient();

        var health = await http.GetStringAsync(new Uri($"http://localhost:{emulator.Emulator.HttpPort}/health"), Cancelled);

        Assert.Equal("""{"status":"healthy","message":"Service is healthy."}""", health);
    }

    [Fact]
    public async Task Metrics_OfQueue_CountEachState()
    {
        var name = await emulator.CreateQueueAsync();
        await emulator.Client.CreateSender(name).SendMessagesAsync([new("a"), new("b")], Cancelled);
        using var http = new HttpClient();

        var metrics = await http.GetStringAsync(new Uri($"http://localhost:{emulator.Emulator.HttpPort}/metrics"), Cancelled);

        Assert.Contains($"serverless_servicebus_messages{{entity=\"{name}\",state=\"active\"}} 2\n", metrics, StringComparison.Ordinal);
        Assert.Contains($"serverless_servicebus_received_total{{entity=\"{name}\"}} 2\n", metrics, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Namespace_Properties_AreThere()
    {
        NamespaceProperties properties = await Admin.GetNamespacePropertiesAsync(Cancelled);

        Assert.Equal(MessagingSku.Standard, properties.MessagingSku);
    }
}
