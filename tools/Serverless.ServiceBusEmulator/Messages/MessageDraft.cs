using Microsoft.Azure.Amqp;
using Microsoft.Azure.Amqp.Encoding;
using Microsoft.Azure.Amqp.Framing;

namespace Serverless.ServiceBusEmulator.Messages;

/// <summary>A kept message opened for reading by filters or for change by rule actions, dead-lettering and abandoning.</summary>
internal sealed class MessageDraft
{
    private readonly byte[] _content;
    private readonly MessageAnnotations _annotations = new();
    private readonly int _bodyStart;

    public MessageDraft(byte[] content)
    {
        _content = content;
        var bareStart = MessageContent.BareStart(content);
        _annotations.Decode(MessageDecoder.BufferOf(content, MessageContent.PrefixLength, bareStart));
        _bodyStart = content.Length;
        var scanner = new WireScanner(content.AsSpan(bareStart));
        while (scanner.TryRead(out var section))
        {
            var buffer = MessageDecoder.BufferOf(content, bareStart + section.Start, bareStart + section.End);
            if (section.Code == WireSection.Properties)
            {
                Properties.Decode(buffer);
            }
            else if (section.Code == WireSection.ApplicationProperties)
            {
                ApplicationProperties.Decode(buffer);
            }
            else
            {
                _bodyStart = bareStart + section.Start;
                break;
            }
        }
    }

    public Properties Properties { get; } = new();

    public ApplicationProperties ApplicationProperties { get; } = new();

    public void SetAnnotation(string name, object value) => _annotations.Map[(AmqpSymbol)name] = value;

    public byte[] ToContent()
    {
        var bare = new ByteBuffer(_content.Length, autoGrow: true);
        Properties.Encode(bare);
        if (ApplicationProperties.Map.Count > 0)
            ApplicationProperties.Encode(bare);

        var body = _content.AsSpan(_bodyStart);
        bare.Validate(write: true, body.Length);
        body.CopyTo(bare.Buffer.AsSpan(bare.WritePos));
        bare.Append(body.Length);

        var items = MessageDecoder.EncodeKept(_annotations, out var count);
        return MessageDecoder.Assemble(
            MessageContent.Priority(_content), MessageContent.TimeToLive(_content), items, count,
            bare.Buffer.AsSpan(bare.Offset, bare.Length));
    }
}
