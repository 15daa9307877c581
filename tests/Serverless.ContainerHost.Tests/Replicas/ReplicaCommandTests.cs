using Serverless.ContainerHost.Replicas;
using Serverless.ContainerHost.Settings;

namespace Serverless.ContainerHost.Tests.Replicas;

public sealed class ReplicaCommandTests
{
    [Fact]
    public void Of_Template_FillsInPortsAndName()
    {
        var template = new ReplicaTemplate
        {
            Program = "dotnet",
            WorkingDirectory = "/",
            Arguments = ["app.dll", "--urls=http://127.0.0.1:{http};http://127.0.0.1:{grpc}"],
            Environment = [new ReplicaVariable { Name = "Worker__MetricsUrl", Value = "http://127.0.0.1:{metrics}/{name}" }],
        };

        var command = ReplicaCommand.Of(template, "worker-7", new ReplicaPorts(1, 2, 3));

        Assert.Equal(["app.dll", "--urls=http://127.0.0.1:1;http://127.0.0.1:3"], command.Arguments);
        Assert.Equal("http://127.0.0.1:2/worker-7", command.Environment["Worker__MetricsUrl"]);
    }
}
