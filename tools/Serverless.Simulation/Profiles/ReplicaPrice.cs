namespace Serverless.Simulation;

/// <summary>
/// What a replica has and what that costs. The prices are examples, to be replaced by those of
/// <c>https://prices.azure.com/api/retail/prices</c> (serviceName <c>Azure Container Apps</c>) for the region in use.
/// </summary>
/// <param name="Cpus">Default 4, the worker's in <c>infra/modules/worker.bicep</c>.</param>
/// <param name="GiB">Default 8, the same.</param>
/// <param name="Gpus">Default 0.</param>
/// <param name="PerCpuSecond">Default 0.000024, a well-known active rate in US dollars; not verified.</param>
/// <param name="PerGiBSecond">Default 0.000003, the same.</param>
/// <param name="PerGpuSecond">Default 0: no price is known here.</param>
/// <param name="Currency">Shown beside sums.</param>
public sealed record ReplicaPrice(
    double Cpus = 4,
    double GiB = 8,
    double Gpus = 0,
    double PerCpuSecond = 0.000024,
    double PerGiBSecond = 0.000003,
    double PerGpuSecond = 0,
    string Currency = "USD")
{
    /// <summary>What so many seconds of a replica cost.</summary>
    public double Of(double replicaSeconds) => replicaSeconds * ((Cpus * PerCpuSecond) + (GiB * PerGiBSecond) + (Gpus * PerGpuSecond));
}
