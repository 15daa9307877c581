using System.Collections;
using System.Globalization;
using Microsoft.Azure.Amqp.Encoding;
using Serverless.ServiceBusEmulator.Entities;

namespace Serverless.ServiceBusEmulator.Amqp;

/// <summary>The body of a management request, read by name with clear refusals.</summary>
internal sealed class ManagementArguments(AmqpMap map)
{
    // No reply or unit should grow without bound because a client asked for many things at once.
    private const int MaxItems = 10_000;

    public bool Has(string name) => map[new MapKey(name)] is not null;

    public object? Find(string name) => map[new MapKey(name)];

    public string? FindText(string name) => Find(name) as string;

    public string Text(string name) => FindText(name) ?? throw Missing(name);

    public long Number(string name) => Convert.ToInt64(Find(name) ?? throw Missing(name), CultureInfo.InvariantCulture);

    public long Number(string name, long otherwise) => Has(name) ? Number(name) : otherwise;

    public AmqpMap Map(string name) => Find(name) as AmqpMap ?? throw Missing(name);

    public DateTimeOffset? FindTime(string name) =>
        Find(name) is DateTime time ? new DateTimeOffset(time.ToUniversalTime()) : null;

    public List<T> Items<T>(string name)
    {
        var items = Find(name) is IEnumerable values and not string ? values.Cast<T>().ToList() : throw Missing(name);
        return items.Count <= MaxItems
            ? items
            : throw new BrokerException(BrokerError.InvalidArgument, $"'{name}' has {items.Count} items; at most {MaxItems} are allowed.");
    }

    public static byte[]? Bytes(object? value) => value switch
    {
        ArraySegment<byte> { Array: not null } segment => segment.ToArray(),
        byte[] bytes => bytes,
        _ => null,
    };

    private static BrokerException Missing(string name) =>
        new(BrokerError.InvalidArgument, $"The request has no '{name}', or one of another type.");
}
