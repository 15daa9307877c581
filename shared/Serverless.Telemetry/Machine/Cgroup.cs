using System.Globalization;

namespace Serverless.Telemetry.Machine;

/// <summary>What the kernel counts of this container: control groups of version 2, else of version 1, else nothing.</summary>
/// <param name="root">Where they are mounted.</param>
internal sealed class Cgroup(string root = "/sys/fs/cgroup")
{
    /// <summary>Seconds of processor time.</summary>
    public double? ProcessorSeconds() =>
        Field("cpu.stat", "usage_usec") is { } microseconds ? microseconds / 1e6
        : Number("cpuacct/cpuacct.usage") / 1e9;

    /// <summary>Bytes of memory in use, the page cache included, as the limit counts it.</summary>
    public double? MemoryUsage() => Number("memory.current") ?? Number("memory/memory.usage_in_bytes");

    /// <summary>Bytes that it may use; null for no limit.</summary>
    public double? MemoryLimit()
    {
        // Version 1 says "no limit" with the largest number of whole pages.
        var limit = Number("memory.max") ?? Number("memory/memory.limit_in_bytes");
        return limit < 1L << 60 ? limit : null;
    }

    private double? Field(string file, string name)
    {
        var line = Read(file)?.Split('\n').FirstOrDefault(entry => entry.StartsWith(name + ' ', StringComparison.Ordinal));
        return line is null ? null : Parse(line[(name.Length + 1)..]);
    }

    private double? Number(string file) => Read(file) is { } text ? Parse(text) : null;

    private static double? Parse(string text) =>
        double.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out var value) ? value : null;

    private string? Read(string file)
    {
        try
        {
            return File.ReadAllText(Path.Combine(root, file)).Trim();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
