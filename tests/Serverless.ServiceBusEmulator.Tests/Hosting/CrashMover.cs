using System.Transactions;
using Azure.Messaging.ServiceBus;

namespace Serverless.ServiceBusEmulator.Tests.Hosting;

/// <summary>A live processor that moves messages to another queue: it completes and sends in one transaction.</summary>
internal sealed class CrashMover : IAsyncDisposable
{
    private readonly ServiceBusSender _sender;
    private readonly ServiceBusProcessor _processor;
    private int _moved;

    public CrashMover(ServiceBusClient client, string from, string to)
    {
        _sender = client.CreateSender(to);
        _processor = client.CreateProcessor(
            from, new ServiceBusProcessorOptions { MaxConcurrentCalls = 4, AutoCompleteMessages = false });
        _processor.ProcessErrorAsync += _ => Task.CompletedTask;
        _processor.ProcessMessageAsync += MoveAsync;
    }

    public int Moved => Volatile.Read(ref _moved);

    public Task StartAsync(CancellationToken cancellationToken) => _processor.StartProcessingAsync(cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken) => _processor.StopProcessingAsync(cancellationToken);

    private async Task MoveAsync(ProcessMessageEventArgs arguments)
    {
        try
        {
            using var scope = new TransactionScope(TransactionScopeAsyncFlowOption.Enabled);
            await arguments.CompleteMessageAsync(arguments.Message, CancellationToken.None);
            await _sender.SendMessageAsync(new ServiceBusMessage(arguments.Message.Body), CancellationToken.None);
            scope.Complete();
        }
        catch (Exception exception) when (exception is ServiceBusException or TransactionException)
        {
            // The process died before the answer: the message is in one of the queues, and the test looks in which.
            return;
        }

        Interlocked.Increment(ref _moved);
    }

    public async ValueTask DisposeAsync()
    {
        await _processor.DisposeAsync();
        await _sender.DisposeAsync();
    }
}
