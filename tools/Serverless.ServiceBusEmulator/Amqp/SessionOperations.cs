using Microsoft.Azure.Amqp.Encoding;
using Serverless.ServiceBusEmulator.Queues;

namespace Serverless.ServiceBusEmulator.Amqp;

/// <summary>Management requests about sessions.</summary>
internal static class SessionOperations
{
    public static Task<AmqpMap?> RenewAsync(ManagementTarget target, ManagementArguments arguments)
    {
        var session = arguments.Text("session-id");
        return RunAsync(target, queue => new AmqpMap { [new MapKey("expiration")] = queue.RenewSession(session).UtcDateTime });
    }

    public static Task<AmqpMap?> GetStateAsync(ManagementTarget target, ManagementArguments arguments)
    {
        var session = arguments.Text("session-id");
        return RunAsync(target, queue => new AmqpMap
        {
            // AMQP's null, for a session that has no state.
            [new MapKey("session-state")] = queue.SessionState(session) is { } state ? new ArraySegment<byte>(state) : null!,
        });
    }

    public static Task<AmqpMap?> SetStateAsync(ManagementTarget target, ManagementArguments arguments)
    {
        var session = arguments.Text("session-id");
        var state = ManagementArguments.Bytes(arguments.Find("session-state"));
        return RunAsync(target, queue =>
        {
            queue.SetSessionState(session, state);
            return new AmqpMap();
        });
    }

    public static Task<AmqpMap?> ListAsync(ManagementTarget target, ManagementArguments arguments)
    {
        // The client asks for sessions with messages by the largest time there is.
        var updated = arguments.FindTime("last-updated-time") is { Year: < 9999 } time ? time : (DateTimeOffset?)null;
        var skip = (int)arguments.Number("skip", 0);
        var top = (int)Math.Clamp(arguments.Number("top", 100), 0, 1000);
        return RunAsync(target, queue => queue.ListSessions(updated, skip, top) is { Count: > 0 } found
            ? new AmqpMap { [new MapKey("skip")] = skip + found.Count, [new MapKey("sessions-ids")] = found.ToArray() }
            : null);
    }

    private static Task<AmqpMap?> RunAsync(ManagementTarget target, Func<MessageQueue, AmqpMap?> work) =>
        target.Entity.Loop.RunAsync(() => work(target.Queue));
}
