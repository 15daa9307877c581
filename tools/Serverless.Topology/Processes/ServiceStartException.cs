namespace Serverless.Topology.Processes;

/// <summary>A service of the platform could not be started.</summary>
public sealed class ServiceStartException(string message, IReadOnlyList<string> output)
    : Exception(output.Count == 0 ? message : $"{message} Its last lines:\n{string.Join('\n', output.TakeLast(30))}")
{
    /// <summary>What the service wrote before.</summary>
    public IReadOnlyList<string> Output { get; } = output;
}
