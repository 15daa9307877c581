namespace Serverless.ContainerHost.Settings;

/// <summary>
/// How a replica is started. In arguments and values <c>{http}</c>, <c>{metrics}</c> and <c>{grpc}</c> become free ports of the replica, and
/// <c>{name}</c> its name. What is secret belongs into <see cref="Environment"/>: arguments can be read by every user of the machine.
/// </summary>
internal sealed class ReplicaTemplate
{
    /// <summary>The app's name, with which its replicas' names begin. Default worker.</summary>
    public string Name { get; set; } = "worker";

    /// <summary>The executable; required.</summary>
    public string Program { get; set; } = "";

    /// <summary>Its arguments.</summary>
    public IList<string> Arguments { get; set; } = [];

    /// <summary>Where it runs; required.</summary>
    public string WorkingDirectory { get; set; } = "";

    /// <summary>Variables added to this host's own.</summary>
    public IList<ReplicaVariable> Environment { get; set; } = [];
}
