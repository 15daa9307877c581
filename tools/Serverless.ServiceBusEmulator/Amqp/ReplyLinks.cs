using System.Collections.Concurrent;
using Microsoft.Azure.Amqp;
using Microsoft.Azure.Amqp.Framing;

namespace Serverless.ServiceBusEmulator.Amqp;

/// <summary>
/// The links of one connection on which replies go out, by what requests name in reply-to: the link's target address, or
/// its name where that is empty (the JavaScript client).
/// </summary>
internal sealed class ReplyLinks
{
    private readonly ConcurrentDictionary<string, SendingAmqpLink> _links = new(StringComparer.Ordinal);

    public static ReplyLinks Of(AmqpLink link) => link.Session.Connection.Extensions.Find<ReplyLinks>();

    public void Add(SendingAmqpLink link)
    {
        var target = (link.Settings.Target as Target)?.Address?.ToString();
        var key = string.IsNullOrEmpty(target) ? link.Name : target;
        _links[key] = link;
        link.Closed += (_, _) => _links.TryRemove(KeyValuePair.Create(key, link));
    }

    public SendingAmqpLink? Find(string? replyTo) => replyTo is not null && _links.TryGetValue(replyTo, out var link) ? link : null;
}
