using System.Globalization;
using Serverless.Topology.Processes;

namespace Serverless.Topology.Azurite;

/// <summary>How Azurite is started.</summary>
public static class AzuriteCommand
{
    /// <summary>Azurite on <paramref name="ports"/>.</summary>
    /// <param name="script">Azurite's entry script, from <see cref="AzuriteInstallation"/>.</param>
    /// <param name="ports">The ports to listen on.</param>
    /// <param name="dataFolder">Where its data lie; they outlive the process.</param>
    /// <param name="accessLog">Whether it writes a line for each request.</param>
    public static ServiceCommand Create(string script, AzuritePorts ports, string dataFolder, bool accessLog = false)
    {
        Directory.CreateDirectory(dataFolder);
        return new ServiceCommand(
            "azurite",
            "node",
            [
                script,
                "--blobPort", ports.Blob.ToString(CultureInfo.InvariantCulture),
                "--queuePort", ports.Queue.ToString(CultureInfo.InvariantCulture),
                "--tablePort", ports.Table.ToString(CultureInfo.InvariantCulture),
                "--location", dataFolder,

                // The storage clients may speak a newer API version than the newest Azurite lists.
                "--skipApiVersionCheck",
                "--disableTelemetry",
                .. accessLog ? Array.Empty<string>() : ["--silent"],
            ],
            dataFolder,
            new Dictionary<string, string>(),
            new Uri($"http://127.0.0.1:{ports.Table}/"),
            AnyStatusIsReady: true);
    }
}
