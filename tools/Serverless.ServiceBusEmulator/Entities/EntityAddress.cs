namespace Serverless.ServiceBusEmulator.Entities;

/// <summary>What a link's address names: an entity's messages, its dead letters, or the management node beside either.</summary>
internal readonly record struct EntityAddress(string Path, bool IsDeadLetter, bool IsManagement)
{
    private const string Management = "/$management";
    private const string DeadLetter = "/$deadletterqueue";

    /// <summary>Understands the forms that clients use: with or without a leading slash, escaped, in any case.</summary>
    public static EntityAddress Parse(string address)
    {
        var path = Uri.UnescapeDataString(address);
        if (Uri.TryCreate(path, UriKind.Absolute, out var uri) && uri.Scheme is "amqp" or "amqps" or "sb")
            path = uri.AbsolutePath;
        path = path.Trim('/');

        var isManagement = path.EndsWith(Management, StringComparison.OrdinalIgnoreCase);
        path = isManagement ? path[..^Management.Length] : path;
        var isDeadLetter = path.EndsWith(DeadLetter, StringComparison.OrdinalIgnoreCase);
        path = isDeadLetter ? path[..^DeadLetter.Length] : path;
        return new EntityAddress(path, isDeadLetter, isManagement);
    }
}
