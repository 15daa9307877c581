using Microsoft.Azure.Amqp;
using Microsoft.Azure.Amqp.Encoding;
using Microsoft.Azure.Amqp.Framing;
using Serverless.ServiceBusEmulator.Entities;
using Serverless.ServiceBusEmulator.Messages;

namespace Serverless.ServiceBusEmulator.Tests.Messages;

public sealed class MessageDecoderTests
{
    [Fact]
    public void Decode_EveryPrefixOfAMessage_IsReadOrRefused()
    {
        var whole = Encode();

        for (var length = 0; length < whole.Length; length++)
        {
            try
            {
                MessageDecoder.Decode(whole[..length]);
            }
            catch (BrokerException exception)
            {
                Assert.Equal(BrokerError.Malformed, exception.Error);
            }
        }
    }

    [Fact]
    public void Decode_RandomDamage_IsReadOrRefused()
    {
        var random = new Random(20300101);
        var whole = Encode();
        for (var round = 0; round < 20_000; round++)
        {
            var damaged = whole.ToArray();
            for (var change = 0; change < 3; change++)
                damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            try
            {
                MessageDecoder.Decode(damaged);
            }
            catch (BrokerException exception)
            {
                Assert.Equal(BrokerError.Malformed, exception.Error);
            }
        }
    }

    [Fact]
    public void Decode_DeepNesting_IsRefused()
    {
        var layers = Enumerable.Repeat<byte[]>([0x00, 0x53, 0x01], 100_000).SelectMany(bytes => bytes);
        byte[] described = [0x00, 0x53, 0x77, .. layers, 0x40];

        var error = Assert.Throws<BrokerException>(() => MessageDecoder.Decode(described));

        Assert.Contains("nested deeper", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Decode_BrokerAnnotations_OfAClientAreDropped()
    {
        var message = MessageDecoder.Decode(Encode());

        var delivered = DeliveryEncoder.Encode(
            message.Content, new DeliveryFields { SequenceNumber = 7, EnqueuedTicks = DateTime.UnixEpoch.Ticks });
        using var stream = new BufferListStream([new ArraySegment<byte>(delivered)]);
        using var read = AmqpMessage.CreateInputMessage(stream);

        Assert.Equal(7L, read.MessageAnnotations.Map[(AmqpSymbol)Annotation.SequenceNumber]);
        Assert.Equal("key", read.MessageAnnotations.Map[(AmqpSymbol)Annotation.PartitionKey]);
        Assert.Equal("id", read.Properties.MessageId.ToString());
        Assert.Equal("value", read.ApplicationProperties.Map["name"]);
        Assert.Equal([1, 2, 3], ((ArraySegment<byte>)read.DataBody.Single().Value).ToArray());
    }

    [Fact]
    public void Decode_WithoutMessageId_GetsOneAndKeepsTheRest()
    {
        using var sent = AmqpMessage.Create(new Data { Value = new ArraySegment<byte>([1, 2, 3]) });
        sent.Properties.Subject = "subject";
        sent.ApplicationProperties.Map["name"] = "value";

        var message = MessageDecoder.Decode(Bytes(sent));

        var kept = new MessageDraft(message.Content);
        Assert.True(Guid.TryParseExact(message.MessageId, "N", out _));
        Assert.Equal(message.MessageId, kept.Properties.MessageId.ToString());
        Assert.Equal("subject", kept.Properties.Subject);
        Assert.Equal("value", kept.ApplicationProperties.Map["name"]);
        Assert.EndsWith("AQID", Convert.ToBase64String(message.Content[^3..]), StringComparison.Ordinal);
    }

    private static byte[] Encode()
    {
        using var message = AmqpMessage.Create(new Data { Value = new ArraySegment<byte>([1, 2, 3]) });
        message.Header.Ttl = 1000;
        message.Properties.MessageId = "id";
        message.Properties.GroupId = "session";
        message.MessageAnnotations.Map[(AmqpSymbol)Annotation.PartitionKey] = "key";
        message.MessageAnnotations.Map[(AmqpSymbol)Annotation.SequenceNumber] = 99L;
        message.ApplicationProperties.Map["name"] = "value";
        return Bytes(message);
    }

    private static byte[] Bytes(AmqpMessage message)
    {
        using var buffer = new MemoryStream();
        message.ToStream().CopyTo(buffer);
        return buffer.ToArray();
    }
}
