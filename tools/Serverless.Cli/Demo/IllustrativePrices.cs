using System.Globalization;
using Serverless.Contracts.Configuration;

namespace Serverless.Cli.Demo;

/// <summary>
/// Prices for the demo, to show what costs look like: in the order of what a container app without a GPU is charged while it works. They
/// are nobody's bill; what a replica of yours costs is on yours.
/// </summary>
internal static class IllustrativePrices
{
    private const string Currency = "USD";
    private const decimal VcpuSecond = 0.000024m;
    private const decimal GiBSecond = 0.000003m;
    private const decimal Vcpus = 1;
    private const decimal MemoryGiB = 2;

    /// <summary>What a replica costs in a second.</summary>
    public const decimal ReplicaSecond = (Vcpus * VcpuSecond) + (MemoryGiB * GiBSecond);

    /// <summary>The settings that tell a worker of them.</summary>
    public static IReadOnlyDictionary<string, string> WorkerSettings { get; } = new Dictionary<string, string>
    {
        [Of("Currency")] = Currency,
        [Of("VcpuSecond")] = Text(VcpuSecond),
        [Of("GiBSecond")] = Text(GiBSecond),
        [Of("Vcpus")] = Text(Vcpus),
        [Of("MemoryGiB")] = Text(MemoryGiB),
    };

    /// <summary>What they are, in words.</summary>
    public static string Described { get; } =
        $"Illustrative prices: {Text(VcpuSecond)} {Currency} for a vCPU-second, {Text(GiBSecond)} for a GiB-second; {Text(Vcpus)} vCPU and {Text(MemoryGiB)} GiB a replica.";

    private static string Of(string name) => $"{Settings.WorkerCosts}__{name}";

    private static string Text(decimal value) => value.ToString(CultureInfo.InvariantCulture);
}
