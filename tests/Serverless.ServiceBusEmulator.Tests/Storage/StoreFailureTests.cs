using Azure.Messaging.ServiceBus;
using Serverless.ServiceBusEmulator.Configuration;
using Serverless.ServiceBusEmulator.Entities;
using Serverless.ServiceBusEmulator.Storage;

namespace Serverless.ServiceBusEmulator.Tests.Storage;

public sealed class StoreFailureTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Commit_ThatFails_AcknowledgesNothingAndLetsTheEmulatorStop()
    {
        var directory = Directory.CreateTempSubdirectory("sbe-failure-").FullName;
        var options = new EmulatorOptions { AmqpPort = 0, HttpPort = 0, DataDirectory = directory };
        var emulator = await Emulator.StartAsync(options, cancellationToken: Cancelled);
        await emulator.Broker.CreateAsync(new EntityDescription { Kind = EntityKind.Queue, Path = "q" }, Cancelled);
        await using var client = new ServiceBusClient(emulator.ConnectionString, new ServiceBusClientOptions
        {
            RetryOptions = new ServiceBusRetryOptions { MaxRetries = 0, TryTimeout = TimeSpan.FromSeconds(2) },
        });
        await using var sender = client.CreateSender("q");
        await sender.SendMessageAsync(new ServiceBusMessage("kept"), Cancelled);
        using (var other = new SqliteDatabase(Path.Combine(directory, "messages.db")))
            other.Execute("DROP TABLE messages");

        await Assert.ThrowsAnyAsync<ServiceBusException>(() => sender.SendMessageAsync(new ServiceBusMessage("lost"), Cancelled));

        var failure = await emulator.Failure.WaitAsync(TimeSpan.FromSeconds(10), Cancelled);
        Assert.Contains("The message store failed", failure.Message, StringComparison.Ordinal);
        await emulator.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(20), Cancelled);
        Directory.Delete(directory, recursive: true);
    }
}
