using System.Buffers.Binary;

namespace Serverless.ServiceBusEmulator.Messages;

/// <summary>
/// How a message is kept, in memory and on disk: a prefix with what its header said, the annotations that stay with it
/// as one map section, and then the bare message exactly as the sender encoded it.
/// </summary>
internal static class MessageContent
{
    public const int PrefixLength = 6;

    // 0x00 0x53 0x72 0xd1, size, count: the annotations section is always written as map32, so its parts are at fixed places.
    public const int AnnotationsHeaderLength = 12;

    private const byte Version = 1;
    private const byte NoPriority = 255;

    public static void WritePrefix(Span<byte> target, byte? priority, uint? timeToLiveMilliseconds)
    {
        target[0] = Version;
        target[1] = priority ?? NoPriority;
        BinaryPrimitives.WriteUInt32BigEndian(target[2..], timeToLiveMilliseconds ?? uint.MaxValue);
    }

    public static void WriteAnnotationsHeader(Span<byte> target, int itemBytes, int itemCount)
    {
        target[0] = 0x00;
        target[1] = 0x53;
        target[2] = (byte)WireSection.MessageAnnotations;
        target[3] = 0xd1;
        // The size of a compound counts its own count field.
        BinaryPrimitives.WriteInt32BigEndian(target[4..], itemBytes + 4);
        BinaryPrimitives.WriteInt32BigEndian(target[8..], itemCount);
    }

    public static byte? Priority(ReadOnlySpan<byte> content) => content[1] == NoPriority ? null : content[1];

    public static uint? TimeToLive(ReadOnlySpan<byte> content)
    {
        var value = BinaryPrimitives.ReadUInt32BigEndian(content[2..]);
        return value == uint.MaxValue ? null : value;
    }

    public static int AnnotationCount(ReadOnlySpan<byte> content) =>
        BinaryPrimitives.ReadInt32BigEndian(content[(PrefixLength + 8)..]);

    public static ReadOnlySpan<byte> AnnotationItems(ReadOnlySpan<byte> content) =>
        content.Slice(PrefixLength + AnnotationsHeaderLength, AnnotationBytes(content));

    public static ReadOnlySpan<byte> BareMessage(ReadOnlySpan<byte> content) => content[BareStart(content)..];

    public static int BareStart(ReadOnlySpan<byte> content) =>
        PrefixLength + AnnotationsHeaderLength + AnnotationBytes(content);

    private static int AnnotationBytes(ReadOnlySpan<byte> content) =>
        BinaryPrimitives.ReadInt32BigEndian(content[(PrefixLength + 4)..]) - 4;
}
