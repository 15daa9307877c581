using System.Globalization;

namespace Serverless.Telemetry.Machine;

/// <summary>Bytes over the network of this process's namespace, which is the container's; loopback left out.</summary>
/// <param name="file">The kernel's table.</param>
internal sealed class NetworkCounters(string file = "/proc/self/net/dev")
{
    /// <summary>Bytes received and sent by every interface together; null where there is no such table.</summary>
    public (long Received, long Sent)? Read()
    {
        try
        {
            var (received, sent) = (0L, 0L);
            // Two lines of heads; then "name: bytes packets …", the ninth number being the bytes sent.
            foreach (var line in File.ReadLines(file).Skip(2).Where(line => !line.TrimStart().StartsWith("lo:", StringComparison.Ordinal)))
            {
                var numbers = line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
                received += long.Parse(numbers[0], CultureInfo.InvariantCulture);
                sent += long.Parse(numbers[8], CultureInfo.InvariantCulture);
            }

            return (received, sent);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
