using Microsoft.Azure.Amqp;
using Microsoft.Azure.Amqp.Encoding;
using Microsoft.Azure.Amqp.Framing;
using Serverless.ServiceBusEmulator.Entities;

namespace Serverless.ServiceBusEmulator.Amqp;

/// <summary>How a receiver asks for a session, and how it is told which one it got.</summary>
internal static class SessionFilter
{
    private const string Exclusive = "com.microsoft:session-filter";
    private const string NonExclusive = "com.microsoft:non-exclusive-session-filter";
    private const string LockedUntil = "com.microsoft:locked-until-utc";
    private const string Timeout = "com.microsoft:timeout";

    // Clients say how long they wait; those that do not wait for a minute, as the .NET client does by default.
    private static readonly TimeSpan DefaultPatience = TimeSpan.FromSeconds(60);

    /// <summary>Whether a session is asked for; the id is null for any.</summary>
    public static bool Read(AmqpLink link, out string? sessionId)
    {
        sessionId = null;
        if ((link.Settings.Source as Source)?.FilterSet is not { } filters)
            return false;
        if (filters.Any(filter => filter.Key.Key?.ToString() == NonExclusive))
        {
            throw new BrokerException(
                BrokerError.NotSupported, $"The link '{link.Name}' contains invalid filter type: sessions are exclusive here.");
        }

        foreach (var (key, value) in filters)
        {
            if (key.Key?.ToString() != Exclusive)
                continue;
            sessionId = (value is DescribedType described ? described.Value : value) as string;
            return true;
        }

        return false;
    }

    public static TimeSpan Patience(AmqpLink link) =>
        link.Settings.Properties?[(AmqpSymbol)Timeout] is uint milliseconds ? TimeSpan.FromMilliseconds(milliseconds) : DefaultPatience;

    public static void Answer(AmqpLink link, string sessionId, long lockedUntilTicks)
    {
        ((Source)link.Settings.Source).FilterSet[(AmqpSymbol)Exclusive] = sessionId;
        link.Settings.UpsertProperty(LockedUntil, lockedUntilTicks);
    }
}
