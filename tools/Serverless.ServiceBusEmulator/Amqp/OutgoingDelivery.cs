using Microsoft.Azure.Amqp;

namespace Serverless.ServiceBusEmulator.Amqp;

/// <summary>An encoded message on its way out; the library cuts it into frames.</summary>
internal sealed class OutgoingDelivery : Delivery
{
    private readonly byte[] _message;

    public OutgoingDelivery(Guid lockToken, byte[] message)
    {
        _message = message;
        DeliveryTag = new ArraySegment<byte>(lockToken.ToByteArray());
    }

    public override ArraySegment<byte>[] GetPayload(int payloadSize, out bool more)
    {
        var start = (int)BytesTransfered;
        var length = Math.Min(payloadSize, _message.Length - start);
        more = start + length < _message.Length;
        return [new ArraySegment<byte>(_message, start, length)];
    }

    protected override void OnCompletePayload(int payloadSize)
    {
    }
}
