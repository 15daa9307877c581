using System.Collections.Concurrent;
using Azure.Messaging.ServiceBus;

namespace Serverless.ServiceBusEmulator.Tests.Hosting;

/// <summary>Senders and one live processor that keep books of what was acknowledged to them.</summary>
internal sealed class CrashLoad(ServiceBusClient client, string queue) : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, bool> _acknowledged = new();
    private readonly ConcurrentDictionary<string, int> _completed = new();
    private readonly ConcurrentDictionary<string, bool> _processed = new();
    private readonly CancellationTokenSource _stopSending = new();
    private readonly ServiceBusProcessor _processor = client.CreateProcessor(
        queue, new ServiceBusProcessorOptions { MaxConcurrentCalls = 16, PrefetchCount = 50, AutoCompleteMessages = false });

    private Task _sending = Task.CompletedTask;

    public IEnumerable<string> Lost => _acknowledged.Keys.Where(id => !_processed.ContainsKey(id));

    public IEnumerable<string> CompletedTwice => _completed.Where(entry => entry.Value > 1).Select(entry => entry.Key);

    public async Task StartAsync(int senders, CancellationToken cancellationToken)
    {
        _processor.ProcessErrorAsync += _ => Task.CompletedTask;
        _processor.ProcessMessageAsync += ProcessAsync;
        await _processor.StartProcessingAsync(cancellationToken);
        _sending = Task.WhenAll(Enumerable.Range(0, senders).Select(number => Task.Run(() => SendAsync(number), cancellationToken)));
    }

    /// <summary>Returns when so many more messages were completed: the processor lives.</summary>
    public async Task ProgressAsync(int messages, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var goal = _completed.Count + messages;
        await WaitUntil.TrueAsync(() => Task.FromResult(_completed.Count >= goal));
    }

    public async Task StopSendingAsync()
    {
        await _stopSending.CancelAsync();
        await _sending;
    }

    public async Task DrainAsync(CancellationToken cancellationToken)
    {
        await WaitUntil.TrueAsync(() => Task.FromResult(!Lost.Any()));
        await _processor.StopProcessingAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await _stopSending.CancelAsync();
        await _processor.DisposeAsync();
        _stopSending.Dispose();
    }

    private async Task SendAsync(int sender)
    {
        await using var link = client.CreateSender(queue);
        for (var number = 0; !_stopSending.IsCancellationRequested; number++)
        {
            var id = $"{sender}-{number}";
            try
            {
                await link.SendMessageAsync(new ServiceBusMessage(new byte[512]) { MessageId = id }, CancellationToken.None);
                _acknowledged[id] = true;
            }
            catch (ServiceBusException)
            {
                // Not acknowledged: whether it arrived is unknown, and nothing is owed.
            }
        }
    }

    private async Task ProcessAsync(ProcessMessageEventArgs arguments)
    {
        // A delivery says which of two sends with one id it is: the client sends again what was not acknowledged.
        var delivery = $"{arguments.Message.MessageId}/{arguments.Message.SequenceNumber}";
        _processed[arguments.Message.MessageId] = true;
        try
        {
            await arguments.CompleteMessageAsync(arguments.Message, CancellationToken.None);
            _completed.AddOrUpdate(delivery, 1, (_, count) => count + 1);
        }
        catch (ServiceBusException)
        {
            // The lock went with the process, or the answer did: the message comes again if it is still there.
        }
    }
}
