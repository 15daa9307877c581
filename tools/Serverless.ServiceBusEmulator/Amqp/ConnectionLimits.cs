using Serverless.ServiceBusEmulator.Entities;

namespace Serverless.ServiceBusEmulator.Amqp;

/// <summary>How many connections and links there may be; Azure's own limits are 5000 connections and 255 links a session.</summary>
internal sealed class ConnectionLimits(int maxConnections, int maxLinks)
{
    private int _connections;
    private int _links;

    public int Connections => Volatile.Read(ref _connections);

    public int Links => Volatile.Read(ref _links);

    public void AddConnection() => Add(ref _connections, maxConnections, "connections");

    public void RemoveConnection() => Interlocked.Decrement(ref _connections);

    public void AddLink() => Add(ref _links, maxLinks, "links");

    public void RemoveLink() => Interlocked.Decrement(ref _links);

    private static void Add(ref int count, int limit, string what)
    {
        if (Interlocked.Increment(ref count) <= limit)
            return;
        Interlocked.Decrement(ref count);
        throw new BrokerException(BrokerError.QuotaExceeded, $"The emulator has {limit} {what} open, which is its limit.");
    }
}
