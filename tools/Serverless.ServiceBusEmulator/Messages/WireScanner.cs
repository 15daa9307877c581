using System.Buffers.Binary;
using Serverless.ServiceBusEmulator.Entities;

namespace Serverless.ServiceBusEmulator.Messages;

/// <summary>
/// Finds the sections of an encoded message without decoding them: a body is never looked at, so that its cost is one copy.
/// </summary>
internal ref struct WireScanner(ReadOnlySpan<byte> bytes)
{
    // Deeper nesting than this is not a message anybody sends; it bounds the recursion over described values.
    private const int MaxNesting = 32;

    private readonly ReadOnlySpan<byte> _bytes = bytes;
    private int _position;

    public bool TryRead(out WireSection section)
    {
        if (_position >= _bytes.Length)
        {
            section = default;
            return false;
        }

        var start = _position;
        var code = ReadDescriptor();
        if (code is < WireSection.Header or > WireSection.Footer)
            throw Malformed($"the section descriptor 0x{code:x} at byte {start} is not one of a message");

        var valueStart = _position;
        SkipValue(0);
        section = new WireSection(code, start, valueStart, _position);
        return true;
    }

    private ulong ReadDescriptor()
    {
        if (ReadByte() != 0x00)
            throw Malformed($"byte {_position - 1} does not start a section");

        return ReadByte() switch
        {
            0x53 => ReadByte(),
            0x80 => BinaryPrimitives.ReadUInt64BigEndian(Take(8)),
            var other => throw Malformed($"the format code 0x{other:x2} at byte {_position - 1} is not a section descriptor"),
        };
    }

    private void SkipValue(int depth)
    {
        if (depth > MaxNesting)
            throw Malformed($"values are nested deeper than {MaxNesting}");

        var format = ReadByte();
        if (format == 0x00)
        {
            SkipValue(depth + 1);
            SkipValue(depth + 1);
            return;
        }

        // AMQP 1.0 part 1, 1.2: the upper four bits give the width class.
        var width = (format >> 4) switch
        {
            0x4 => 0u,
            0x5 => 1u,
            0x6 => 2u,
            0x7 => 4u,
            0x8 => 8u,
            0x9 => 16u,
            0xa or 0xc or 0xe => ReadByte(),
            0xb or 0xd or 0xf => BinaryPrimitives.ReadUInt32BigEndian(Take(4)),
            _ => throw Malformed($"the format code 0x{format:x2} at byte {_position - 1} does not exist"),
        };
        if (width > _bytes.Length - _position)
            throw Malformed($"a value at byte {_position} runs past the end of the message");

        _position += (int)width;
    }

    private byte ReadByte() => Take(1)[0];

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count > _bytes.Length - _position)
            throw Malformed("it ends in the middle of a value");

        var taken = _bytes.Slice(_position, count);
        _position += count;
        return taken;
    }

    private static BrokerException Malformed(string what) =>
        new(BrokerError.Malformed, $"The message is not a valid AMQP 1.0 message: {what}.");
}
