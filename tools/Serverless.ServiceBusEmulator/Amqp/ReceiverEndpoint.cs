using Microsoft.Azure.Amqp;
using Microsoft.Azure.Amqp.Framing;
using Microsoft.Azure.Amqp.Transaction;
using Serverless.ServiceBusEmulator.Entities;
using Serverless.ServiceBusEmulator.Queues;
using Serverless.ServiceBusEmulator.Transactions;

namespace Serverless.ServiceBusEmulator.Amqp;

/// <summary>A client's receiver: gets messages as its credit allows, and settles them.</summary>
internal sealed partial class ReceiverEndpoint : IConsumer
{
    private readonly SendingAmqpLink _link;
    private readonly MessageQueue _queue;
    private readonly ILogger _logger;
    private string? _sessionId;

    private ReceiverEndpoint(SendingAmqpLink link, MessageQueue queue, ILogger logger)
    {
        _link = link;
        _queue = queue;
        _logger = logger;
        SettlesOnDelivery = link.Settings.SettleType == SettleMode.SettleOnSend;
    }

    public bool SettlesOnDelivery { get; }

    // Credit may arrive before the attach is answered; nothing may be sent until then.
    public bool HasCredit => _link.State == AmqpObjectState.Opened && _link.LinkCredit > 0;

    public static async Task ServeAsync(SendingAmqpLink link, Entity entity, bool deadLetters, ILogger logger)
    {
        entity.CheckReceivable();
        var endpoint = new ReceiverEndpoint(link, entity.Receivable(deadLetters), logger);
        link.RegisterDispositionListener(endpoint.OnDisposition);
        link.RegisterCreditListener((_, _, _) => endpoint.PostDispatch());
        link.Opened += (_, _) => endpoint.PostDispatch();
        if (SessionFilter.Read(link, out var sessionId))
            await endpoint.AcceptSessionAsync(sessionId);
        else
            await entity.Loop.RunAsync(endpoint.Attach);
    }

    public bool TryDeliver(Guid lockToken, byte[] message) => _link.TrySendDelivery(new OutgoingDelivery(lockToken, message));

    public void OnSessionLost(string sessionId) => _link.SafeClose(new BrokerException(
        BrokerError.SessionLockLost, $"The lock on session '{sessionId}' has expired.").ToAmqp());

    public void OnEntityDeleted() => _link.SafeClose(new BrokerException(
        BrokerError.EntityNotFound, $"The entity '{_queue.Path}' was deleted.").ToAmqp());

    private void Attach()
    {
        if (_queue.Options.RequiresSession && _queue.DeadLetters is not null)
        {
            throw new BrokerException(
                BrokerError.NotAllowed, $"The entity '{_queue.Path}' requires sessions: accept a session to receive from it.");
        }

        _queue.Attach(this);
        _link.SafeAddClosed((_, _) => _queue.Loop.Post(() => _queue.Detach(this)));
    }

    private async Task AcceptSessionAsync(string? sessionId)
    {
        var request = new SessionRequest(this, sessionId, _queue.Loop.NowTicks + SessionFilter.Patience(_link).Ticks);
        _link.SafeAddClosed((_, _) =>
        {
            request.Cancel();
            _queue.Loop.Post(() => Release(request));
        });
        _queue.Loop.Post(() => _queue.RequestSession(request));
        var (granted, lockedUntilTicks) = await request.Completion;
        _sessionId = granted;
        SessionFilter.Answer(_link, granted, lockedUntilTicks);
    }

    private void Release(SessionRequest request)
    {
        if (request.Granted is { } id)
            _queue.ReleaseSession(this, id);
    }

    private void PostDispatch() => _queue.Loop.Post(() =>
    {
        if (_sessionId is { } id)
            _queue.DispatchSession(this, id);
        else
            _queue.Dispatch();
    });

    private void OnDisposition(Delivery delivery)
    {
        if (SettlesOnDelivery || delivery.State is null or Received)
            return;
        _queue.Loop.Post(() => Settle(delivery));
    }

    private void Settle(Delivery delivery)
    {
        try
        {
            if (delivery.State is TransactionalState transactional)
            {
                SettleLater(delivery, transactional);
                return;
            }

            var settlement = Outcomes.Read(delivery.State);
            _queue.Settle(new Guid(delivery.DeliveryTag.AsSpan()), settlement);
            _queue.Loop.OnCommitted(() => Reply(delivery, Outcomes.Confirm(settlement.Kind)));
        }
        catch (BrokerException refusal)
        {
            // A session's receiver is told that the delivery is unknown: the client makes of that, and only of that, a lost session.
            var error = _sessionId is not null && refusal.Error == BrokerError.MessageLockLost
                ? new Error { Condition = AmqpErrorCode.NotFound, Description = refusal.Message }
                : refusal.ToAmqp().Error;
            Reply(delivery, new Rejected { Error = error });
        }
        catch (Exception exception)
        {
            LogSettleFailed(exception);
            Reply(delivery, new Rejected { Error = new Error { Condition = AmqpErrorCode.InternalError } });
        }
    }

    private void SettleLater(Delivery delivery, TransactionalState state)
    {
        var settlement = Outcomes.Read(state.Outcome);
        var token = new Guid(delivery.DeliveryTag.AsSpan());
        _queue.FindHeld(token);
        ConnectionTransactions.Of(_link).Find(state.TxnId).AddSettlement(token, new TransactionPart(_queue.Loop, () =>
        {
            var held = _queue.FindHeld(token);
            return () => _queue.Settle(held, settlement);
        }));
        Reply(delivery, new TransactionalState { TxnId = state.TxnId, Outcome = Outcomes.Confirm(settlement.Kind) });
    }

    private void Reply(Delivery delivery, DeliveryState outcome)
    {
        if (!delivery.Settled)
            _link.DisposeDelivery(delivery, settled: true, outcome);
    }

    [LoggerMessage(20, LogLevel.Error, "A message could not be settled")]
    private partial void LogSettleFailed(Exception exception);
}
