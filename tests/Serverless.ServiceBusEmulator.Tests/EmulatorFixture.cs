using Azure.Messaging.ServiceBus;
using Serverless.ServiceBusEmulator.Configuration;
using Serverless.ServiceBusEmulator.Entities;
using Serverless.ServiceBusEmulator.Queues;
using Serverless.ServiceBusEmulator.Topics;

namespace Serverless.ServiceBusEmulator.Tests;

/// <summary>One emulator in memory and one real client for the tests of a class; each test has an entity of its own.</summary>
public sealed class EmulatorFixture : IAsyncLifetime
{
    private int _names;

    public Emulator Emulator { get; private set; } = null!;

    public ServiceBusClient Client { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Emulator = await Emulator.StartAsync(new EmulatorOptions { AmqpPort = 0, HttpPort = 0 });
        // Tests of failures should see them at once, not after the client's patience.
        Client = new ServiceBusClient(Emulator.ConnectionString, new ServiceBusClientOptions
        {
            RetryOptions = new ServiceBusRetryOptions { TryTimeout = TimeSpan.FromSeconds(10), MaxRetries = 1 },
        });
    }

    internal async Task<string> CreateQueueAsync(QueueOptions? options = null)
    {
        var name = NewName("queue");
        await Emulator.Broker.CreateAsync(new EntityDescription
        {
            Kind = EntityKind.Queue,
            Path = name,
            Options = options ?? new QueueOptions(),
        });
        return name;
    }

    internal async Task<string> CreateTopicAsync(QueueOptions? options = null)
    {
        var name = NewName("topic");
        await Emulator.Broker.CreateAsync(new EntityDescription
        {
            Kind = EntityKind.Topic,
            Path = name,
            Options = options ?? new QueueOptions(),
        });
        return name;
    }

    internal Task CreateSubscriptionAsync(string topic, string name, QueueOptions? options = null, params RuleDescription[] rules) =>
        Emulator.Broker.CreateAsync(new EntityDescription
        {
            Kind = EntityKind.Subscription,
            Path = EntityDescription.SubscriptionPath(topic, name),
            Options = options ?? new QueueOptions(),
            Rules = rules,
        });

    public string NewName(string kind) => $"{kind}-{Interlocked.Increment(ref _names)}";

    public async ValueTask DisposeAsync()
    {
        await Client.DisposeAsync();
        await Emulator.DisposeAsync();
    }
}
