using Serverless.ServiceBusEmulator.Entities;
using Serverless.ServiceBusEmulator.Storage;

namespace Serverless.ServiceBusEmulator.Queues;

/// <summary>Sessions: who holds which, in which order they are offered, and their state.</summary>
internal sealed partial class MessageQueue
{
    private readonly Dictionary<string, MessageSession> _sessions = new(StringComparer.Ordinal);
    private readonly Queue<MessageSession> _offered = new();
    private readonly List<SessionRequest> _requests = [];
    private readonly DeadlineQueue<MessageSession> _sessionExpirations = new((session, due) =>
        session.Owner is not null && session.LockedUntilTicks == due);

    private readonly DeadlineQueue<SessionRequest> _requestExpirations = new((request, due) =>
        !request.IsDone && request.DueTicks == due);

    /// <summary>Gives a session to a receiver: the named one at once or not at all, any one as soon as there is one.</summary>
    public void RequestSession(SessionRequest request)
    {
        if (!HasSessions)
        {
            request.Refuse(new BrokerException(
                BrokerError.NotAllowed, $"The entity '{Path}' does not require sessions; receive from it without one."));
        }
        else if (request.SessionId is { } id)
        {
            var session = GetOrAddSession(id);
            if (session.Owner is not null && session.LockedUntilTicks <= _context.NowTicks)
                LoseSession(session);
            if (session.Owner is null)
                Grant(session, request);
            else
                request.Refuse(new BrokerException(BrokerError.SessionCannotBeLocked, $"The session '{id}' is held by another receiver."));
        }
        else if (TakeOffered() is { } offered)
        {
            Grant(offered, request);
        }
        else
        {
            _requests.Add(request);
            _requestExpirations.Add(request, request.DueTicks);
        }
    }

    public void DispatchSession(IConsumer consumer, string sessionId)
    {
        if (_sessions.TryGetValue(sessionId, out var session) && ReferenceEquals(session.Owner, consumer))
            DispatchSession(session);
    }

    /// <summary>The receiver closed its link: the session is free, and what it held returns uncounted.</summary>
    public void ReleaseSession(IConsumer consumer, string sessionId)
    {
        if (!_sessions.TryGetValue(sessionId, out var session) || !ReferenceEquals(session.Owner, consumer))
            return;

        session.Owner = null;
        EndLocks(session, Return);
    }

    public DateTimeOffset RenewSession(string sessionId)
    {
        var session = RequireHeld(sessionId);
        session.LockedUntilTicks = _context.NowTicks + Options.LockDuration.Ticks;
        _sessionExpirations.Add(session, session.LockedUntilTicks);
        return new DateTimeOffset(session.LockedUntilTicks, TimeSpan.Zero);
    }

    public byte[]? SessionState(string sessionId) => RequireHeld(sessionId).State;

    public void SetSessionState(string sessionId, byte[]? state)
    {
        if (state?.Length > Options.MaxMessageSizeInKilobytes * 1024)
            throw TooLarge(state.Length);
        var session = RequireHeld(sessionId);
        session.State = state;
        session.StateUpdatedTicks = _context.NowTicks;
        _context.Loop.Write(StoreOperation.SetSessionState(StoreId, sessionId, state));
    }

    /// <summary>Sessions with messages; or, with a time, those whose state was set after it.</summary>
    public List<string> ListSessions(DateTimeOffset? stateUpdatedAfter, int skip, int top) =>
        [.. _sessions.Values
            .Where(session => stateUpdatedAfter is { } after
                ? session.State is not null && session.StateUpdatedTicks > after.UtcTicks
                : session.MessageCount > 0)
            .Select(session => session.Id).Order(StringComparer.Ordinal).Skip(skip).Take(top)];

    private MessageSession RequireHeld(string sessionId) =>
        _sessions.TryGetValue(sessionId, out var session) && session.Owner is not null && session.LockedUntilTicks > _context.NowTicks
            ? session
            : throw new BrokerException(BrokerError.SessionLockLost, $"The lock on session '{sessionId}' has expired or was given up.");

    private MessageSession GetOrAddSession(string id)
    {
        if (!_sessions.TryGetValue(id, out var session))
            _sessions.Add(id, session = new MessageSession(id));
        return session;
    }

    private void DropIfIdle(MessageSession session)
    {
        if (session is { MessageCount: 0, Owner: null, State: null })
            _sessions.Remove(session.Id);
    }

    private void Grant(MessageSession session, SessionRequest request)
    {
        session.Owner = request.Consumer;
        session.LockedUntilTicks = _context.NowTicks + Options.LockDuration.Ticks;
        _sessionExpirations.Add(session, session.LockedUntilTicks);
        _sessions[session.Id] = session;
        if (request.TryGrant(session.Id, session.LockedUntilTicks))
            return;
        session.Owner = null;
        OfferSession(session);
        DropIfIdle(session);
    }

    private void LoseSession(MessageSession session)
    {
        var owner = session.Owner;
        session.Owner = null;
        owner?.OnSessionLost(session.Id);
        EndLocks(session, CountFailedDelivery);
    }

    /// <summary>All messages return before the session is offered again: its next receiver must see them in order.</summary>
    private void EndLocks(MessageSession session, Action<MessageLock> end)
    {
        session.IsReturning = true;
        foreach (var held in session.Locks.ToArray())
        {
            EndLock(held);
            end(held);
        }

        session.IsReturning = false;
        OfferSession(session);
        DropIfIdle(session);
    }

    private void OfferSession(MessageSession session)
    {
        if (session.IsReturning)
            return;
        if (session.Owner is not null)
        {
            DispatchSession(session);
            return;
        }

        if (session.IsOffered || !session.Ready.TryPeek(out _))
            return;
        _requests.RemoveAll(request => request.IsDone);
        if (_requests.Count > 0)
        {
            var request = _requests[0];
            _requests.RemoveAt(0);
            Grant(session, request);
            return;
        }

        session.IsOffered = true;
        _offered.Enqueue(session);
    }

    private MessageSession? TakeOffered()
    {
        while (_offered.TryDequeue(out var session))
        {
            session.IsOffered = false;
            if (session.Owner is null && session.Ready.TryPeek(out _))
                return session;
        }

        return null;
    }

    private void DispatchSession(MessageSession session)
    {
        while (session.Owner is { HasCredit: true } owner && session.LockedUntilTicks > _context.NowTicks
            && session.Ready.TryPeek(out var message))
        {
            if (!Deliver(message, owner, session.Ready))
                return;
        }
    }

    private void CloseSessions()
    {
        foreach (var session in _sessions.Values)
            session.Owner?.OnEntityDeleted();
        foreach (var request in _requests.Where(request => !request.IsDone))
            request.Refuse(new BrokerException(BrokerError.EntityNotFound, $"The entity '{Path}' was deleted."));
        _requests.Clear();
    }
}
