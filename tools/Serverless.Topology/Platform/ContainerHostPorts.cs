namespace Serverless.Topology.Platform;

/// <summary>The ports of the container host.</summary>
/// <param name="Ingress">Requests to the worker, whichever replica answers.</param>
/// <param name="Management">The status page, <c>/status</c> and <c>/metrics</c>.</param>
public sealed record ContainerHostPorts(int Ingress, int Management)
{
    /// <summary>The ports that it usually has.</summary>
    public static ContainerHostPorts Usual { get; } = new(8090, 8091);
}
