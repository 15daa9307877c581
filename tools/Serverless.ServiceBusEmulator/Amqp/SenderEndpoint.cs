using Microsoft.Azure.Amqp;
using Microsoft.Azure.Amqp.Framing;
using Microsoft.Azure.Amqp.Transaction;
using Serverless.ServiceBusEmulator.Entities;
using Serverless.ServiceBusEmulator.Messages;
using Serverless.ServiceBusEmulator.Transactions;

namespace Serverless.ServiceBusEmulator.Amqp;

/// <summary>A client's sender: what it sends goes to an entity, and is accepted once it is durable.</summary>
internal sealed class SenderEndpoint
{
    private readonly ReceivingAmqpLink _link;
    private readonly Entity _entity;

    private SenderEndpoint(ReceivingAmqpLink link, Entity entity)
    {
        _link = link;
        _entity = entity;
    }

    public static void Serve(ReceivingAmqpLink link, Entity entity)
    {
        if (entity is SubscriptionEntity)
            throw new BrokerException(BrokerError.NotAllowed, $"'{entity.Path}' is a subscription: messages are sent to its topic.");
        var limit = (ulong)entity.Description.Options.MaxMessageSizeInKilobytes * 1024;
        link.Settings.MaxMessageSize = limit;
        link.Settings.AddProperty("com.microsoft:max-message-batch-size", (long)limit);
        link.RegisterMessageListener(new SenderEndpoint(link, entity).OnMessage);
    }

    private void OnMessage(AmqpMessage message)
    {
        try
        {
            var incoming = MessageDecoder.DecodeTransfer(Gather(message.RawByteBuffers), message.MessageFormat ?? 0);
            _entity.Loop.Post(() => Send(message, incoming));
        }
        catch (BrokerException refusal)
        {
            Refuse(message, refusal);
        }
        finally
        {
            message.Dispose();
        }
    }

    private void Send(AmqpMessage message, List<IncomingMessage> incoming)
    {
        try
        {
            if (message.State is TransactionalState transactional)
            {
                SendLater(message, incoming, transactional.TxnId);
                return;
            }

            _entity.Send(incoming);
            _entity.Loop.OnCommitted(() => _link.DisposeDelivery(message, settled: true, AmqpConstants.AcceptedOutcome));
        }
        catch (BrokerException refusal)
        {
            Refuse(message, refusal);
        }
        catch
        {
            Refuse(message, new BrokerException(BrokerError.Internal, "The emulator failed; its log says how."));
            throw;
        }
    }

    /// <summary>In a transaction a message is taken in when that commits; what would refuse it is told at once.</summary>
    private void SendLater(AmqpMessage message, List<IncomingMessage> incoming, ArraySegment<byte> transaction)
    {
        _entity.Check(incoming);
        ConnectionTransactions.Of(_link).Find(transaction).AddSend(new TransactionPart(_entity.Loop, () =>
        {
            _entity.Check(incoming);
            return () => _entity.Accept(incoming);
        }));
        _link.DisposeDelivery(
            message, settled: true, new TransactionalState { TxnId = transaction, Outcome = AmqpConstants.AcceptedOutcome });
    }

    private void Refuse(AmqpMessage message, BrokerException refusal) =>
        _link.DisposeDelivery(message, settled: true, new Rejected { Error = refusal.ToAmqp().Error });

    private static byte[] Gather(List<ByteBuffer> buffers)
    {
        var bytes = new byte[buffers.Sum(buffer => buffer.Length)];
        var position = 0;
        foreach (var buffer in buffers)
        {
            Buffer.BlockCopy(buffer.Buffer, buffer.Offset, bytes, position, buffer.Length);
            position += buffer.Length;
        }

        return bytes;
    }
}
