using Microsoft.Azure.Amqp;
using Microsoft.Azure.Amqp.Framing;
using Serverless.ServiceBusEmulator.Entities;
using Serverless.ServiceBusEmulator.Messages;

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
            if (message.State is not null && message.Transactional())
                throw new BrokerException(BrokerError.NotSupported, "This emulator has no transactions.");
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
