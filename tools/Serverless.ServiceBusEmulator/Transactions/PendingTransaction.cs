using Serverless.ServiceBusEmulator.Entities;

namespace Serverless.ServiceBusEmulator.Transactions;

/// <summary>A transaction that has been declared and not discharged: it holds what is to be done, and nothing is done yet.</summary>
internal sealed class PendingTransaction(TimeProvider time)
{
    // Azure's limits: 100 messages in one transaction, two minutes from the first to the last.
    private const int MaxParts = 100;
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(2);

    private readonly Lock _lock = new();
    private readonly List<TransactionPart> _parts = [];
    private readonly HashSet<Guid> _settled = [];
    private readonly DateTimeOffset _declaredAt = time.GetUtcNow();

    public void AddSend(TransactionPart part) => Add(part, null);

    public void AddSettlement(Guid lockToken, TransactionPart part) => Add(part, lockToken);

    /// <summary>Does all of it or, where any of it is refused, none; returns when it is durable.</summary>
    public Task CommitAsync()
    {
        lock (_lock)
        {
            RequireAlive();
            var loops = _parts.Select(part => part.Loop).Distinct().ToList();
            return loops.Count == 0 ? Task.CompletedTask : EntityLoop.RunTogetherAsync(loops, Apply);
        }
    }

    private void Apply()
    {
        var actions = _parts.ConvertAll(part => part.Prepare());
        foreach (var action in actions)
            action();
    }

    private void Add(TransactionPart part, Guid? lockToken)
    {
        lock (_lock)
        {
            RequireAlive();
            if (_parts.Count >= MaxParts)
                throw new BrokerException(BrokerError.QuotaExceeded, $"A transaction can have at most {MaxParts} sends and settlements.");
            if (lockToken is { } token && !_settled.Add(token))
                throw new BrokerException(BrokerError.MessageLockLost, "The message is already settled in this transaction.");
            _parts.Add(part);
        }
    }

    private void RequireAlive()
    {
        if (time.GetUtcNow() - _declaredAt > Lifetime)
            throw new BrokerException(BrokerError.Timeout, $"The transaction is older than {Lifetime.TotalMinutes:0} minutes.");
    }
}
