using System.Collections.Concurrent;
using Microsoft.Azure.Amqp;
using Serverless.ServiceBusEmulator.Entities;

namespace Serverless.ServiceBusEmulator.Transactions;

/// <summary>The open transactions of one connection; they go with it, undone.</summary>
internal sealed class ConnectionTransactions(TimeProvider time)
{
    private const int MaxOpen = 1000;

    private readonly ConcurrentDictionary<Guid, PendingTransaction> _open = new();

    public static ConnectionTransactions Of(AmqpLink link) => link.Session.Connection.Extensions.Find<ConnectionTransactions>();

    public Guid Declare()
    {
        if (_open.Count >= MaxOpen)
            throw new BrokerException(BrokerError.QuotaExceeded, $"The connection has {MaxOpen} open transactions, which is the limit.");
        var id = Guid.NewGuid();
        _open[id] = new PendingTransaction(time);
        return id;
    }

    public PendingTransaction Find(ArraySegment<byte> id) => _open.GetValueOrDefault(Read(id)) ?? throw Unknown();

    public Task DischargeAsync(ArraySegment<byte> id, bool fail)
    {
        if (!_open.TryRemove(Read(id), out var transaction))
            throw Unknown();
        return fail ? Task.CompletedTask : transaction.CommitAsync();
    }

    private static Guid Read(ArraySegment<byte> id) => id.Count == 16 ? new Guid(id.AsSpan()) : throw Unknown();

    private static BrokerException Unknown() =>
        new(BrokerError.TransactionUnknown, "The transaction is not known on this connection: it ended, or belongs to another.");
}
