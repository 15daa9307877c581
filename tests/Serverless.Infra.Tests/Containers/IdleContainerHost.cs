using Serverless.Topology.Processes;

namespace Serverless.Infra.Tests.Containers;

/// <summary>
/// A container host over the published worker. Nobody asks its ingress and it asks no queue, so it starts no replica; its metrics are there all
/// the same.
/// </summary>
internal static class IdleContainerHost
{
    public static ServiceCommand Command(int ingress, int management, string workerFolder)
    {
        var host = Tree.Repository.AssemblyOf("tools/Serverless.ContainerHost");
        var settings = new Dictionary<string, string>
        {
            ["ContainerHost__Url"] = $"http://127.0.0.1:{ingress}",
            ["ContainerHost__ManagementUrl"] = $"http://127.0.0.1:{management}",
            ["ContainerHost__ScaleFile"] = Tree.PathOf("infra/scale.json"),
            ["ContainerHost__Replica__Program"] = Path.Combine(workerFolder, "Serverless.Worker"),
            ["ContainerHost__Replica__WorkingDirectory"] = workerFolder,
        };
        return new ServiceCommand(
            "containers", ContainerUser.Dotnet, [host], Path.GetDirectoryName(host)!, settings, new Uri($"http://127.0.0.1:{management}/health"));
    }
}
