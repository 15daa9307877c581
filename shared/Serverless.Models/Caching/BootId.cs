namespace Serverless.Models.Caching;

/// <summary>Names the current run of the machine; null where the system does not tell.</summary>
internal static class BootId
{
    private const string Source = "/proc/sys/kernel/random/boot_id";

    public static string? Current { get; } = Read();

    private static string? Read()
    {
        try
        {
            return OperatingSystem.IsLinux() ? File.ReadAllText(Source).Trim() : null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
