using Azure.Storage.Queues;
using Serverless.TestKit;

namespace Serverless.FunctionsHost.Tests.Running;

/// <summary>One host with one Azurite for all tests that only call it.</summary>
public sealed class HostFixture : IAsyncLifetime
{
    public const int BodyLimit = 1 << 20;

    private readonly AzuriteFixture _azurite = new();
    private HostUnderTest? _host;

    public string StorageConnection => _azurite.ConnectionString;

    internal HostUnderTest Host => _host ?? throw new InvalidOperationException("The host is not started.");

    public async ValueTask InitializeAsync()
    {
        await _azurite.InitializeAsync();
        _host = await HostUnderTest.StartAsync(
            ("AzureWebJobsStorage", _azurite.ConnectionString),
            ("FUNCTIONS_REQUEST_BODY_SIZE_LIMIT", $"{BodyLimit}"),
            ("FunctionsHost__HeadTimeout", "00:00:02"),
            ("FunctionsHost__QueueLease", "00:00:02"),
            ("FunctionsHost__Keys__Master", "master key"),
            ("FunctionsHost__Keys__Host__default", "host key"),
            ("FunctionsHost__Keys__Functions__Keyed__default", "function key"));
    }

    public async ValueTask DisposeAsync()
    {
        if (_host is not null) await _host.DisposeAsync();
        await _azurite.DisposeAsync();
    }

    internal QueueClient Queue(string name, QueueMessageEncoding encoding = QueueMessageEncoding.Base64) =>
        new(StorageConnection, name, new QueueClientOptions { MessageEncoding = encoding });

    /// <summary>The next message of a queue that a function or the host writes to, taken off it.</summary>
    internal async Task<string> TakeAsync(QueueClient queue, CancellationToken cancellationToken)
    {
        using var limit = Patience.Limit(cancellationToken);
        await queue.CreateIfNotExistsAsync(cancellationToken: cancellationToken);
        while (true)
        {
            var message = (await queue.ReceiveMessageAsync(cancellationToken: cancellationToken)).Value;
            if (message is not null)
            {
                await queue.DeleteMessageAsync(message.MessageId, message.PopReceipt, cancellationToken);
                return message.MessageText;
            }

            await Task.Delay(50, limit.Token);
        }
    }
}
