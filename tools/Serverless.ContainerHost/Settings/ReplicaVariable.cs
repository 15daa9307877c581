namespace Serverless.ContainerHost.Settings;

/// <summary>
/// One environment variable of a replica, as a pair as in Bicep: as a key of the configuration the <c>__</c> in its name would be taken apart.
/// </summary>
internal sealed class ReplicaVariable
{
    public string Name { get; set; } = "";

    public string Value { get; set; } = "";
}
