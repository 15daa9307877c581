using Microsoft.Azure.Amqp.Encoding;
using Serverless.ServiceBusEmulator.Entities;
using Serverless.ServiceBusEmulator.Messages;
using Serverless.ServiceBusEmulator.Queues;

namespace Serverless.ServiceBusEmulator.Amqp;

/// <summary>Management requests about messages.</summary>
internal static class MessageOperations
{
    public static Task<AmqpMap?> RenewLockAsync(ManagementTarget target, ManagementArguments arguments)
    {
        var tokens = arguments.Items<Guid>("lock-tokens");
        return RunAsync(target, queue => MapOf(
            "expirations", tokens.Select(token => queue.RenewLock(token).UtcDateTime).ToArray()));
    }

    public static Task<AmqpMap?> SettleAsync(ManagementTarget target, ManagementArguments arguments)
    {
        var tokens = arguments.Items<Guid>("lock-tokens");
        var status = arguments.Text("disposition-status");
        var settlement = new Settlement(status.ToLowerInvariant() switch
        {
            "completed" => SettlementKind.Complete,
            "abandoned" => SettlementKind.Abandon,
            "defered" => SettlementKind.Defer,
            "suspended" => SettlementKind.DeadLetter,
            _ => throw new BrokerException(
                BrokerError.InvalidArgument, $"'{status}' is not a disposition; they are completed, abandoned, defered, suspended."),
        })
        {
            PropertiesToModify = (arguments.Find("properties-to-modify") as AmqpMap)?
                .ToDictionary(entry => entry.Key.Key.ToString()!, entry => (object?)entry.Value),
            DeadLetterReason = arguments.FindText("deadletter-reason"),
            DeadLetterDescription = arguments.FindText("deadletter-description"),
        };
        return RunAsync(target, queue =>
        {
            if (!tokens.TrueForAll(queue.Holds))
            {
                throw new BrokerException(
                    BrokerError.MessageLockLost, "A lock supplied is invalid: it expired, or the message was settled.");
            }

            tokens.ForEach(token => queue.Settle(token, settlement));
            return new AmqpMap();
        });
    }

    public static Task<AmqpMap?> PeekAsync(ManagementTarget target, ManagementArguments arguments)
    {
        var from = arguments.Number("from-sequence-number");
        var count = (int)Math.Clamp(arguments.Number("message-count"), 0, int.MaxValue);
        var session = arguments.FindText("session-id");
        return RunAsync(target, queue => queue.Peek(from, count, session) is { Count: > 0 } found
            ? MapOf("messages", found.Select(message => MapOf("message", new ArraySegment<byte>(message))).ToList())
            : null);
    }

    public static Task<AmqpMap?> ReceiveDeferredAsync(ManagementTarget target, ManagementArguments arguments)
    {
        var numbers = arguments.Items<long>("sequence-numbers");
        var delete = arguments.Number("receiver-settle-mode", 1) == 0;
        var session = arguments.FindText("session-id");
        return RunAsync(target, queue => MapOf("messages", queue.ReceiveDeferred(numbers, delete, session).Select(received =>
        {
            var entry = MapOf("message", new ArraySegment<byte>(received.Message));
            entry[new MapKey("lock-token")] = received.LockToken;
            return entry;
        }).ToList()));
    }

    public static Task<AmqpMap?> ScheduleAsync(ManagementTarget target, ManagementArguments arguments)
    {
        var messages = arguments.Items<AmqpMap>("messages")
            .Select(entry => MessageDecoder.Decode(ManagementArguments.Bytes(entry[new MapKey("message")])
                ?? throw new BrokerException(BrokerError.InvalidArgument, "An entry of 'messages' has no 'message'.")))
            .ToList();
        return RunAsync(target, _ => MapOf("sequence-numbers", target.Entity.Send(messages).ToArray()));
    }

    public static Task<AmqpMap?> CancelScheduledAsync(ManagementTarget target, ManagementArguments arguments)
    {
        var numbers = arguments.Items<long>("sequence-numbers");
        return RunAsync(target, queue =>
        {
            queue.CancelScheduled(numbers);
            return new AmqpMap();
        });
    }

    public static Task<AmqpMap?> DeleteAsync(ManagementTarget target, ManagementArguments arguments)
    {
        var count = (int)Math.Clamp(arguments.Number("message-count"), 0, int.MaxValue);
        var before = arguments.FindTime("enqueued-time-utc") ?? DateTimeOffset.MaxValue;
        return RunAsync(
            target, queue => queue.DeleteMessages(count, before) is > 0 and var deleted ? MapOf("message-count", deleted) : null);
    }

    private static Task<AmqpMap?> RunAsync(ManagementTarget target, Func<MessageQueue, AmqpMap?> work) =>
        target.Entity.Loop.RunAsync(() => work(target.Queue));

    private static AmqpMap MapOf(string name, object value) => new() { [new MapKey(name)] = value };
}
