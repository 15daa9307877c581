using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Serverless.ServiceBusEmulator.Entities;
using Serverless.ServiceBusEmulator.Messages;
using Serverless.ServiceBusEmulator.Queues;
using Serverless.ServiceBusEmulator.Storage;

namespace Serverless.ServiceBusEmulator.Tests.Queues;

/// <summary>A queue with its dead letters on a loop whose clock the test moves.</summary>
internal sealed class QueueHarness : IDisposable
{
    public QueueHarness(QueueOptions? options = null, IMessageStore? store = null)
    {
        Loop = new EntityLoop(store ?? new MemoryMessageStore(), Time, NullLogger.Instance);
        var context = new QueueContext(Loop, new ContentCache(64 * 1024));
        Dead = new MessageQueue(context, 3, "q/$DeadLetterQueue", options ?? new QueueOptions());
        Queue = new MessageQueue(context, 2, "q", options ?? new QueueOptions()) { DeadLetters = Dead };
        Loop.Deadlines = now => Math.Min(Queue.OnTime(now), Dead.OnTime(now));
    }

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero));

    public EntityLoop Loop { get; }

    public MessageQueue Queue { get; }

    public MessageQueue Dead { get; }

    public Task<long> SendAsync(string? session = null, TimeSpan? timeToLive = null, DateTimeOffset? scheduled = null, string? id = null) =>
        Loop.RunAsync(() =>
        {
            var message = new IncomingMessage
            {
                Content = MessageDecoder.Assemble(null, null, [], 0, []),
                SessionId = session,
                MessageId = id,
                TimeToLive = timeToLive,
                ScheduledFor = scheduled,
            };
            Queue.Admit(message);
            var number = Queue.Enqueue(message);
            Queue.Dispatch();
            return number;
        });

    public Task SettleAsync(Guid token, SettlementKind kind) => Loop.RunAsync(() => Queue.Settle(token, new Settlement(kind)));

    public Task AttachAsync(IConsumer consumer) => Loop.RunAsync(() => Queue.Attach(consumer));

    /// <summary>Moves the clock and returns when the loop has done what came due.</summary>
    public async Task AdvanceAsync(TimeSpan by)
    {
        Time.Advance(by);
        // The timer's work is posted before this: two rounds, for what it sets off is posted behind it.
        await Loop.RunAsync(() => { });
        await Loop.RunAsync(() => { });
    }

    public void Dispose() => Loop.Dispose();
}
