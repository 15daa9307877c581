using System.Diagnostics;
using Azure.Messaging.ServiceBus;

namespace Serverless.Benchmarks.ServiceBus;

/// <summary>A million messages of 1 KiB are queued, and only then drained.</summary>
internal static class BacklogLoad
{
    private const int Messages = 1_000_000;
    private const int Batch = 200;
    private const int Senders = 4;

    private static readonly BinaryData Body = new(new byte[1024]);

    public static async Task<(double SendRate, double DrainRate)> RunAsync(
        string connectionString, FigureWriter figures, CancellationToken cancellationToken)
    {
        await using var client = new ServiceBusClient(connectionString);
        var watch = Stopwatch.StartNew();
        await QueueAsync(client, cancellationToken);
        var sendRate = Messages / watch.Elapsed.TotalSeconds;
        figures.Say($"backlog: {Messages} queued in {watch.Elapsed.TotalSeconds:f0} s");
        watch.Restart();
        await DrainAsync(client, cancellationToken);
        figures.Say($"backlog: drained in {watch.Elapsed.TotalSeconds:f0} s");
        return (sendRate, Messages / watch.Elapsed.TotalSeconds);
    }

    private static async Task QueueAsync(ServiceBusClient client, CancellationToken cancellationToken)
    {
        var left = Messages / Batch;
        await Task.WhenAll(Enumerable.Range(0, Senders).Select(async _ =>
        {
            await using var sender = client.CreateSender("backlog");
            while (Interlocked.Decrement(ref left) >= 0)
                await sender.SendMessagesAsync(Enumerable.Range(0, Batch).Select(_ => new ServiceBusMessage(Body)), cancellationToken);
        }));
    }

    private static async Task DrainAsync(ServiceBusClient client, CancellationToken cancellationToken)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var completed = 0;
        await using var processor = client.CreateProcessor("backlog", new ServiceBusProcessorOptions
        {
            MaxConcurrentCalls = 32,
            PrefetchCount = 200,
            AutoCompleteMessages = false,
        });
        processor.ProcessErrorAsync += arguments =>
        {
            done.TrySetException(arguments.Exception);
            return Task.CompletedTask;
        };
        processor.ProcessMessageAsync += async arguments =>
        {
            await arguments.CompleteMessageAsync(arguments.Message, cancellationToken);
            if (Interlocked.Increment(ref completed) == Messages)
                done.TrySetResult();
        };
        await processor.StartProcessingAsync(cancellationToken);
        await done.Task.WaitAsync(TimeSpan.FromMinutes(20), cancellationToken);
    }
}
