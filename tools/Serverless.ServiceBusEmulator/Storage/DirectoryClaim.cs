namespace Serverless.ServiceBusEmulator.Storage;

/// <summary>Two emulators over one data directory would each hold half of the truth in memory: the second one is refused.</summary>
internal static class DirectoryClaim
{
    /// <summary>Held until it is disposed or the process ends, however it ends.</summary>
    public static FileStream Take(string directory)
    {
        var path = Path.Combine(directory, "in-use");
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException)
        {
            throw new IOException($"The data directory '{directory}' is in use by another emulator; give each one its own --data.");
        }
    }
}
