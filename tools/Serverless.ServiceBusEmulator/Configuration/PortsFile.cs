namespace Serverless.ServiceBusEmulator.Configuration;

/// <summary>Tells whoever started the emulator on free ports which ones it got.</summary>
internal static class PortsFile
{
    /// <summary>Written beside and moved into place, so that a reader sees all of it or nothing.</summary>
    public static async Task WriteAsync(string path, int amqpPort, int httpPort, CancellationToken cancellationToken)
    {
        var draft = path + ".tmp";
        await File.WriteAllTextAsync(draft, $$"""{"amqpPort":{{amqpPort}},"httpPort":{{httpPort}}}""", cancellationToken);
        File.Move(draft, path, overwrite: true);
    }
}
