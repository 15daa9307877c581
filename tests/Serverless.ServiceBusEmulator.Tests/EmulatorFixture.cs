using Azure.Messaging.ServiceBus;
using Microsoft.Extensions.Time.Testing;
using Serverless.ServiceBusEmulator.Configuration;
using Serverless.ServiceBusEmulator.Entities;
using Serverless.ServiceBusEmulator.Queues;
using Serverless.ServiceBusEmulator.Topics;

namespace Serverless.ServiceBusEmulator.Tests;

/// <summary>One emulator in memory and one real client for the tests of a class; each test has an entity of its own.</summary>
public sealed class EmulatorFixture : IAsyncLifetime
{
    private int _names;

    /// <summary>The emulator's clock: it stands still until a test moves it, so that no test depends on how fast the machine is.</summary>
    public FakeTimeProvider Time { get; } = new(TimeProvider.System.GetUtcNow());

    public Emulator Emulator { get; private set; } = null!;

    public ServiceBusClient Client { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Emulator = await Emulator.StartAsync(new EmulatorOptions { AmqpPort = 0, HttpPort = 0 }, Time);
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

    /// <summary>Moves the clock bit by bit until something that waits for it has happened.</summary>
    public async Task<T> AdvanceUntilAsync<T>(Task<T> waiting, TimeSpan step)
    {
        while (await Task.WhenAny(waiting, Task.Delay(20, TestContext.Current.CancellationToken)) != waiting)
            Time.Advance(step);
        return await waiting;
    }

    public string NewName(string kind) => $"{kind}-{Interlocked.Increment(ref _names)}";

    public async ValueTask DisposeAsync()
    {
        await Client.DisposeAsync();
        await Emulator.DisposeAsync();
    }
}
