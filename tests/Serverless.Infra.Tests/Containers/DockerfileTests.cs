using Serverless.Infra.Tests.Bicep;
using Serverless.Infra.Tests.Documents;

namespace Serverless.Infra.Tests.Containers;

public sealed class DockerfileTests
{
    private const string Worker = "functions/Serverless.Worker/Dockerfile";

    [Theory]
    [InlineData("worker", Worker)]
    [InlineData("gateway", "functions/Serverless.Gateway/Dockerfile")]
    public void Dockerfile_OfApp_PassesTheLint(string app, string file) =>
        Assert.Empty(DockerfileLint.Faults(Dockerfile.Read(file), Port(app)));

    [Theory]
    [InlineData("USER 1654:1654", "USER 0", "root")]
    [InlineData("USER 1654:1654", "HEALTHCHECK CMD true", "HEALTHCHECK")]
    [InlineData("EXPOSE 8080 8081", "EXPOSE 80", "does not expose")]
    [InlineData("--from=build", "--from=runtime", "no stage")]
    [InlineData("13.0.1-cudnn-runtime-ubuntu24.04", "latest", "latest")]
    [InlineData("[\"/app/Serverless.Worker\"]", "/app/Serverless.Worker", "shell")]
    public void Dockerfile_Mutated_DoesNot(string right, string wrong, string said)
    {
        var text = Tree.Read(Worker);
        Assert.Contains(right, text, StringComparison.Ordinal);

        var faults = DockerfileLint.Faults(Dockerfile.Parse(text.Replace(right, wrong, StringComparison.Ordinal)), Port("worker"));

        Assert.Contains(faults, fault => fault.Contains(said, StringComparison.Ordinal));
    }

    [Fact]
    public void Ports_OfImagesProbesAndIngress_AreTheSame()
    {
        foreach (var snapshot in new[] { Snapshot.Read(Snapshot.First), Snapshot.Read(Snapshot.Full) })
        {
            foreach (var app in new[] { "worker", "gateway" })
            {
                var probes = snapshot.Container(app)["probes"]!.AsArray();
                Assert.NotEmpty(probes);
                Assert.All(probes, probe => Assert.Equal(Port(app), (int)(probe!["httpGet"] ?? probe["tcpSocket"])!["port"]!));
                var url = snapshot.SettingsOf(app)[app == "worker" ? "Worker__Url" : "ASPNETCORE_URLS"];
                Assert.EndsWith($":{Port(app)}", url, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public void Placeholders_BeforeTheFirstImage_AreProbedWithoutPaths()
    {
        foreach (var app in new[] { "worker", "gateway" })
        {
            var container = Snapshot.Read(Snapshot.First).Container(app);
            Assert.StartsWith("mcr.microsoft.com/", (string)container["image"]!, StringComparison.Ordinal);
            Assert.All(container["probes"]!.AsArray(), probe => Assert.NotNull(probe!["tcpSocket"]));
        }
    }

    [Fact]
    public void Compose_OfTheProject_BuildsWhatAzureRuns()
    {
        var services = Yaml.Read(Tree.PathOf("compose.yaml"))[0]["services"]!;
        foreach (var app in new[] { "worker", "gateway" })
        {
            Assert.True(File.Exists(Tree.PathOf((string)services[app]!["build"]!["dockerfile"]!)));
            Assert.True((bool)services[app]!["read_only"]!);
            Assert.Equal("ALL", (string)services[app]!["cap_drop"]![0]!);
        }

        // Nobody but the gateway reaches the worker, and nobody but this machine the rest.
        Assert.Null(services["worker"]!["ports"]);
        Assert.All(
            services.AsObject().SelectMany(service => service.Value!["ports"]?.AsArray() ?? []),
            port => Assert.StartsWith("127.0.0.1:", (string)port!, StringComparison.Ordinal));
        Assert.All(
            services.AsObject().SelectMany(service => service.Value!["depends_on"]?.AsArray() ?? []),
            name => Assert.NotNull(services[(string)name!]));
    }

    private static int Port(string app) =>
        (int)Snapshot.Read(Snapshot.Full).App(app)["properties"]!["configuration"]!["ingress"]!["targetPort"]!;
}
