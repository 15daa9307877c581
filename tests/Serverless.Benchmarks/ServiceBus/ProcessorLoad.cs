using System.Diagnostics;
using Azure.Messaging.ServiceBus;

namespace Serverless.Benchmarks.ServiceBus;

/// <summary>A processor with 32 concurrent calls and a prefetch of 200 that completes each message.</summary>
internal static class ProcessorLoad
{
    private const int Messages = 8_000;

    private static readonly BinaryData Body = new(new byte[1024]);

    /// <summary>Messages per second from the first processed to the last completed.</summary>
    public static async Task<double> RunAsync(string connectionString, CancellationToken cancellationToken)
    {
        await using var client = new ServiceBusClient(connectionString);
        await FillAsync(client, cancellationToken);
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var watch = new Stopwatch();
        var completed = 0;
        await using var processor = client.CreateProcessor("process", new ServiceBusProcessorOptions
        {
            MaxConcurrentCalls = 32,
            PrefetchCount = 200,
            AutoCompleteMessages = false,
        });
        processor.ProcessErrorAsync += arguments => Task.FromException(arguments.Exception);
        processor.ProcessMessageAsync += async arguments =>
        {
            watch.Start();
            await arguments.CompleteMessageAsync(arguments.Message, cancellationToken);
            if (Interlocked.Increment(ref completed) == Messages)
                done.TrySetResult();
        };
        await processor.StartProcessingAsync(cancellationToken);
        await done.Task.WaitAsync(TimeSpan.FromMinutes(2), cancellationToken);
        return Messages / watch.Elapsed.TotalSeconds;
    }

    private static async Task FillAsync(ServiceBusClient client, CancellationToken cancellationToken)
    {
        await using var sender = client.CreateSender("process");
        for (var sent = 0; sent < Messages; sent += 200)
            await sender.SendMessagesAsync(Enumerable.Range(0, 200).Select(_ => new ServiceBusMessage(Body)), cancellationToken);
    }
}
