using Serverless.ServiceBusEmulator.Messages;
using Serverless.ServiceBusEmulator.Queues;
using Serverless.ServiceBusEmulator.Storage;

namespace Serverless.ServiceBusEmulator.Entities;

/// <summary>
/// Automatic forwarding. The message is first kept where it arrived; the insert at the target and the delete here are one
/// unit of the target's, so that a crash leaves it in exactly one place.
/// </summary>
internal sealed class Forwarder(IForwardTargets targets, string target, string? deadLetterSource) : IDiversion
{
    // Azure's limit on a chain of forwards.
    private const int MaxHops = 4;

    public void Take(MessageQueue source, QueuedMessage message) => source.Loop.HandOver(() => Send(source, message));

    private void Send(MessageQueue source, QueuedMessage message)
    {
        if (message.Status != MessageStatus.Diverted)
            return;
        if (message.Hops >= MaxHops)
        {
            source.Loop.Post(() => Refuse(
                source, message, DeadLetterReason.MaxHopCountExceeded, $"The message was forwarded {MaxHops} times already."));
            return;
        }

        if (targets.Find(target) is not { } entity)
        {
            source.Loop.Post(() => Refuse(
                source, message, DeadLetterReason.TransferFailed, $"The messaging entity '{target}' could not be found."));
            return;
        }

        var incoming = Compose(source, message);
        entity.Loop.Post(() => Arrive(entity, incoming, source, message));
    }

    private IncomingMessage Compose(MessageQueue source, QueuedMessage message)
    {
        var content = source.ContentOf(message);
        if (deadLetterSource is not null)
        {
            var draft = new MessageDraft(content);
            draft.SetAnnotation(Annotation.DeadLetterSource, deadLetterSource);
            content = draft.ToContent();
        }

        return MessageDecoder.DecodeKept(content) with
        {
            EnqueuedSequenceNumber = message.EnqueuedSequenceNumber,
            Hops = message.Hops + 1,
        };
    }

    private static void Arrive(Entity entity, IncomingMessage incoming, MessageQueue source, QueuedMessage message)
    {
        try
        {
            entity.Send([incoming]);
        }
        catch (BrokerException exception)
        {
            source.Loop.Post(() => Refuse(source, message, DeadLetterReason.TransferFailed, exception.Message));
            return;
        }

        entity.Loop.Write(StoreOperation.Delete(RowId.Of(source.StoreId, message.SequenceNumber)));
        source.Loop.Post(() => source.ForgetDiverted(message, write: false));
    }

    private static void Refuse(MessageQueue source, QueuedMessage message, string reason, string description)
    {
        if (message.Status != MessageStatus.Diverted)
            return;
        source.DeadLetter(message, new Settlement(SettlementKind.DeadLetter)
        {
            DeadLetterReason = reason,
            DeadLetterDescription = description,
        });
    }
}
