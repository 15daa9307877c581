using System.Buffers.Binary;
using System.Text;

namespace Serverless.ServiceBusEmulator.Messages;

/// <summary>Writes a kept message as the AMQP message of one delivery: fresh header and annotations, the bare message as it came.</summary>
internal static class DeliveryEncoder
{
    // Descriptor and format, size and count; then durable, priority, ttl, first-acquirer and delivery-count.
    private const int LongestHeader = 4 + 2 + 1 + 2 + 5 + 1 + 5;

    private static readonly byte[] SequenceNumberKey = Key(Annotation.SequenceNumber);
    private static readonly byte[] EnqueuedSequenceNumberKey = Key(Annotation.EnqueuedSequenceNumber);
    private static readonly byte[] EnqueuedTimeKey = Key(Annotation.EnqueuedTime);
    private static readonly byte[] LockedUntilKey = Key(Annotation.LockedUntil);
    private static readonly byte[] StateKey = Key(Annotation.MessageState);

    // Long and timestamp values take 9 bytes, the state 5.
    private static readonly int OwnAnnotationsLength =
        SequenceNumberKey.Length + EnqueuedSequenceNumberKey.Length + EnqueuedTimeKey.Length + StateKey.Length + (3 * 9) + 5;

    public static byte[] Encode(ReadOnlySpan<byte> content, in DeliveryFields fields)
    {
        var kept = MessageContent.AnnotationItems(content);
        var bare = MessageContent.BareMessage(content);
        var locked = fields.LockedUntilTicks > 0;
        var items = kept.Length + OwnAnnotationsLength + (locked ? LockedUntilKey.Length + 9 : 0);
        var priority = MessageContent.Priority(content);
        var timeToLive = fields.TimeToLive is { } granted
            ? (uint)Math.Clamp(granted.TotalMilliseconds, 1, uint.MaxValue - 1)
            : MessageContent.TimeToLive(content);
        var header = LongestHeader - (timeToLive is null ? 4 : 0) - (priority is null ? 1 : 0);
        var message = GC.AllocateUninitializedArray<byte>(
            header + MessageContent.AnnotationsHeaderLength + items + bare.Length);

        WriteHeader(message, header, priority, timeToLive, fields.DeliveryCount);
        var rest = message.AsSpan(header);
        MessageContent.WriteAnnotationsHeader(rest, items, MessageContent.AnnotationCount(content) + (locked ? 10 : 8));
        rest = rest[MessageContent.AnnotationsHeaderLength..];
        kept.CopyTo(rest);
        rest = rest[kept.Length..];
        rest = WriteLong(rest, SequenceNumberKey, 0x81, fields.SequenceNumber);
        rest = WriteLong(rest, EnqueuedSequenceNumberKey, 0x81, fields.EnqueuedSequenceNumber);
        rest = WriteLong(rest, EnqueuedTimeKey, 0x83, UnixMilliseconds(fields.EnqueuedTicks));
        rest = locked ? WriteLong(rest, LockedUntilKey, 0x83, UnixMilliseconds(fields.LockedUntilTicks)) : rest;
        rest = WriteState(rest, fields.State);
        bare.CopyTo(rest);
        return message;
    }

    private static void WriteHeader(Span<byte> target, int length, byte? priority, uint? timeToLive, int deliveryCount)
    {
        target[0] = 0x00;
        target[1] = 0x53;
        target[2] = (byte)WireSection.Header;
        target[3] = 0xc0;
        target[4] = (byte)(length - 5);
        target[5] = 5;
        var rest = WriteNull(target[6..]);
        if (priority is { } value)
        {
            rest[0] = 0x50;
            rest[1] = value;
            rest = rest[2..];
        }
        else
        {
            rest = WriteNull(rest);
        }

        rest = timeToLive is { } milliseconds ? WriteUInt(rest, milliseconds) : WriteNull(rest);
        WriteUInt(WriteNull(rest), (uint)deliveryCount);
    }

    private static Span<byte> WriteNull(Span<byte> target)
    {
        target[0] = 0x40;
        return target[1..];
    }

    private static Span<byte> WriteUInt(Span<byte> target, uint value)
    {
        target[0] = 0x70;
        BinaryPrimitives.WriteUInt32BigEndian(target[1..], value);
        return target[5..];
    }

    private static Span<byte> WriteLong(Span<byte> target, ReadOnlySpan<byte> key, byte format, long value)
    {
        key.CopyTo(target);
        target[key.Length] = format;
        BinaryPrimitives.WriteInt64BigEndian(target[(key.Length + 1)..], value);
        return target[(key.Length + 9)..];
    }

    private static Span<byte> WriteState(Span<byte> target, int state)
    {
        StateKey.CopyTo(target);
        target[StateKey.Length] = 0x71;
        BinaryPrimitives.WriteInt32BigEndian(target[(StateKey.Length + 1)..], state);
        return target[(StateKey.Length + 5)..];
    }

    private static long UnixMilliseconds(long ticks) => (ticks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMillisecond;

    private static byte[] Key(string name) => [0xa3, (byte)name.Length, .. Encoding.ASCII.GetBytes(name)];
}
