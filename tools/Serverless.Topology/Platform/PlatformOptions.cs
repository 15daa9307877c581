using Serverless.Contracts.Trust;
using Serverless.Topology.Layout;

namespace Serverless.Topology.Platform;

/// <summary>What a local platform is made of.</summary>
/// <param name="Ports">Where its services listen.</param>
/// <param name="ApiKey">The key that its gateway lets in, as an operator.</param>
/// <param name="DataFolder">Where its state lies.</param>
public sealed record PlatformOptions(PlatformPorts Ports, string ApiKey, string DataFolder)
{
    /// <summary>Settings added to the worker's, for example execution providers.</summary>
    public IReadOnlyDictionary<string, string> WorkerSettings { get; init; } = new Dictionary<string, string>();

    /// <summary>Settings added to the gateway's.</summary>
    public IReadOnlyDictionary<string, string> GatewaySettings { get; init; } = new Dictionary<string, string>();

    /// <summary>
    /// The key by which the worker knows the gateway; a new random one unless set. Null for a worker that serves whoever reaches it.
    /// </summary>
    public string? WorkerKey { get; init; } = GatewayKey.Create();

    /// <summary>Runs the worker in replicas behind the container host; null, which it is unless set, as one process.</summary>
    public WorkerReplicas? Replicas { get; init; }

    /// <summary>Whether the storage emulator writes a line for each request; false unless set.</summary>
    public bool StorageLog { get; init; }

    /// <summary>This user's platform: the usual ports, the development key, data that outlive it.</summary>
    public static PlatformOptions Usual() =>
        new(PlatformPorts.Usual, DevelopmentKey.LoadOrCreate(), Path.Combine(UserFolder.Path, "data"));

    /// <summary>A platform of its own on free ports.</summary>
    /// <param name="dataFolder">Where its state lies.</param>
    public static PlatformOptions Isolated(string dataFolder) => new(PlatformPorts.Free(), DevelopmentKey.Create(), dataFolder);
}
