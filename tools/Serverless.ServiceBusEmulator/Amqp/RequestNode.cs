using Microsoft.Azure.Amqp;

namespace Serverless.ServiceBusEmulator.Amqp;

/// <summary>A node that answers requests: each comes on one link and is answered on the link that its reply-to names.</summary>
internal abstract class RequestNode<TTarget>
{
    public void Serve(ReceivingAmqpLink link, TTarget target) =>
        link.RegisterMessageListener(request => _ = AnswerAsync(link, request, target));

    protected abstract Task<AmqpMessage> HandleAsync(AmqpMessage request, TTarget target);

    private async Task AnswerAsync(ReceivingAmqpLink link, AmqpMessage request, TTarget target)
    {
        // The request's buffers are the connection's: whatever the answer needs of them is copied before the first await.
        var replyTo = request.Properties.ReplyTo?.ToString();
        var messageId = request.Properties.MessageId;
        var answering = HandleAsync(request, target);
        link.DisposeDelivery(request, settled: true, AmqpConstants.AcceptedOutcome);
        var reply = await answering;
        reply.Properties.CorrelationId = messageId;
        ReplyLinks.Of(link).Find(replyTo)?.SendMessageNoWait(
            reply, new ArraySegment<byte>(Guid.NewGuid().ToByteArray()), AmqpConstants.NullBinary);
    }

    protected static string? PropertyOf(AmqpMessage request, string name) =>
        (request.ApplicationProperties?.Map[name] as object)?.ToString();
}
