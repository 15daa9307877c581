using Serverless.Cli.Batches;

namespace Serverless.Cli.Top;

/// <summary>The platform as it was found.</summary>
/// <param name="Gateway">The gateway's metrics.</param>
/// <param name="Replicas">The replicas that run.</param>
/// <param name="Models">The models of the store.</param>
/// <param name="States">Where models stand, by name; empty while no replica is awake.</param>
/// <param name="Batches">The newest batches of this key's tenant.</param>
internal sealed record PlatformReading(
    Part<Observation> Gateway,
    Part<IReadOnlyList<ReplicaReading>> Replicas,
    Part<ModelList> Models,
    Part<IReadOnlyDictionary<string, string>> States,
    Part<IReadOnlyList<Batch>> Batches);
