using System.Globalization;
using Microsoft.Azure.Amqp;
using Microsoft.Azure.Amqp.Encoding;
using Microsoft.Azure.Amqp.Framing;
using Serverless.ServiceBusEmulator.Entities;

namespace Serverless.ServiceBusEmulator.Messages;

/// <summary>Turns the bytes of a transfer into what the broker keeps.</summary>
internal static class MessageDecoder
{
    public const uint BatchFormat = 0x80013700;

    /// <summary>Decodes one transfer: a batch holds one whole encoded message in each of its data sections.</summary>
    public static List<IncomingMessage> DecodeTransfer(byte[] bytes, uint messageFormat)
    {
        if (messageFormat != BatchFormat)
            return [Decode(bytes)];

        var messages = new List<IncomingMessage>();
        var scanner = new WireScanner(bytes);
        while (scanner.TryRead(out var section))
        {
            if (section.Code != WireSection.Data)
                continue;
            var data = AmqpCodec.DecodeBinary(BufferOf(bytes, section.ValueStart, section.End));
            messages.Add(Decode(data.AsSpan().ToArray()));
        }

        return messages.Count > 0
            ? messages
            : throw new BrokerException(BrokerError.Malformed, "The batch holds no message.");
    }

    public static IncomingMessage Decode(byte[] bytes)
    {
        try
        {
            return DecodeCore(bytes);
        }
        catch (Exception exception) when (exception is not BrokerException)
        {
            // The library's decoders throw whatever the damage leads to.
            throw new BrokerException(BrokerError.Malformed, $"The message cannot be decoded: {exception.Message}");
        }
    }

    /// <summary>Reads back what a kept message was when it arrived.</summary>
    public static IncomingMessage DecodeKept(byte[] content)
    {
        var draft = new MessageDraft(content);
        return new IncomingMessage
        {
            Content = content,
            MessageId = draft.Properties.MessageId?.ToString(),
            SessionId = draft.Properties.GroupId,
            TimeToLive = MessageContent.TimeToLive(content) is { } milliseconds ? TimeSpan.FromMilliseconds(milliseconds) : null,
        };
    }

    private static IncomingMessage DecodeCore(byte[] bytes)
    {
        Header? header = null;
        Properties? properties = null;
        var annotations = new MessageAnnotations();
        var bareStart = -1;
        var scanner = new WireScanner(bytes);
        while (scanner.TryRead(out var section))
        {
            switch (section.Code)
            {
                case WireSection.Header:
                    header = new Header();
                    header.Decode(BufferOf(bytes, section.Start, section.End));
                    break;
                case WireSection.DeliveryAnnotations:
                    break;
                case WireSection.MessageAnnotations:
                    annotations.Decode(BufferOf(bytes, section.Start, section.End));
                    break;
                default:
                    bareStart = bareStart < 0 ? section.Start : bareStart;
                    properties = section.Code == WireSection.Properties ? DecodeProperties(bytes, section) : properties;
                    if (section.Code == WireSection.ApplicationProperties)
                        Validate(bytes, section);
                    break;
            }
        }

        var message = Compose(bytes.AsSpan(bareStart < 0 ? bytes.Length : bareStart), header, annotations, properties);
        return message.MessageId is null ? Identify(message) : message;
    }

    /// <summary>The broker names messages that their senders did not: the JavaScript client cannot settle one without an id.</summary>
    private static IncomingMessage Identify(IncomingMessage message)
    {
        var draft = new MessageDraft(message.Content);
        var id = Guid.NewGuid().ToString("N");
        draft.Properties.MessageId = id;
        return message with { Content = draft.ToContent(), MessageId = id };
    }

    private static Properties DecodeProperties(byte[] bytes, WireSection section)
    {
        var properties = new Properties();
        properties.Decode(BufferOf(bytes, section.Start, section.End));
        return properties;
    }

    /// <summary>Filters and dead-lettering open these later, when there is nobody left to be told that they are damaged.</summary>
    private static void Validate(byte[] bytes, WireSection section) =>
        new ApplicationProperties().Decode(BufferOf(bytes, section.Start, section.End));

    private static IncomingMessage Compose(
        ReadOnlySpan<byte> bare, Header? header, MessageAnnotations annotations, Properties? properties)
    {
        var scheduled = annotations.Map[(AmqpSymbol)Annotation.ScheduledEnqueueTime] as DateTime?;
        var items = EncodeKept(annotations, out var count);
        return new IncomingMessage
        {
            Content = Assemble(header?.Priority, header?.Ttl, items, count, bare),
            MessageId = properties?.MessageId?.ToString(),
            SessionId = properties?.GroupId,
            TimeToLive = header?.Ttl is { } milliseconds ? TimeSpan.FromMilliseconds(milliseconds) : null,
            ScheduledFor = scheduled is { } due ? new DateTimeOffset(due.ToUniversalTime()) : null,
        };
    }

    internal static byte[] Assemble(byte? priority, uint? timeToLive, ReadOnlySpan<byte> items, int count, ReadOnlySpan<byte> bare)
    {
        const int HeadLength = MessageContent.PrefixLength + MessageContent.AnnotationsHeaderLength;
        var content = GC.AllocateUninitializedArray<byte>(HeadLength + items.Length + bare.Length);
        MessageContent.WritePrefix(content, priority, timeToLive);
        MessageContent.WriteAnnotationsHeader(content.AsSpan(MessageContent.PrefixLength), items.Length, count);
        items.CopyTo(content.AsSpan(HeadLength));
        bare.CopyTo(content.AsSpan(HeadLength + items.Length));
        return content;
    }

    internal static ReadOnlySpan<byte> EncodeKept(MessageAnnotations annotations, out int count)
    {
        count = 0;
        var buffer = new ByteBuffer(128, autoGrow: true);
        foreach (var (key, value) in annotations.Map)
        {
            var name = Convert.ToString(key.Key, CultureInfo.InvariantCulture);
            if (name is null || Annotation.IsBrokerOwned(name))
                continue;
            AmqpCodec.EncodeObject(key.Key, buffer);
            AmqpCodec.EncodeObject(value, buffer);
            count += 2;
        }

        return buffer.Buffer.AsSpan(buffer.Offset, buffer.Length);
    }

    internal static ByteBuffer BufferOf(byte[] bytes, int start, int end) => new(bytes, start, end - start);
}
