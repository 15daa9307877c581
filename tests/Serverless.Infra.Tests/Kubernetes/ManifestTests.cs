using Serverless.Infra.Tests.Bicep;
using Serverless.Infra.Tests.Documents;

namespace Serverless.Infra.Tests.Kubernetes;

public sealed class ManifestTests
{
    public static TheoryData<string> Files() => [.. Manifests.Kubernetes().Select(entry => entry.File).Distinct()];

    [Theory]
    [MemberData(nameof(Files))]
    public void Fields_OfManifest_AllExist(string file) =>
        Assert.All(Yaml.Read(Tree.PathOf(file)), manifest => Assert.Empty(ManifestFields.Faults(manifest)));

    [Theory]
    [InlineData("base/worker.yaml", "terminationGracePeriodSeconds", "terminationGracePeriod")]
    [InlineData("base/worker.yaml", "readOnlyRootFilesystem", "readonlyRootFilesystem")]
    [InlineData("base/network-policy.yaml", "policyTypes", "policyType")]
    [InlineData("azure/scaled-object.yaml", "cooldownPeriod", "coolDownPeriod")]
    [InlineData("azure/scaled-object.yaml", "queueName", "queue")]
    [InlineData("azure/scaled-object.yaml", "messageCount: \"16\"", "messageCount: 16")]
    [InlineData("azure/trigger-authentication.yaml", "azure-workload", "azure-workloads")]
    [InlineData("base/interceptor-route.yaml", "targetValue", "target")]
    [InlineData("base/pod-monitor.yaml", "podMetricsEndpoints", "endpoints")]
    [InlineData("s3/kustomization.yaml", "resources", "resource")]
    public void Fields_OfAMutatedManifest_DoNot(string file, string right, string wrong)
    {
        using var copy = new TestKit.TemporaryFolder();
        File.Copy(Tree.PathOf($"infra/kubernetes/{file}"), copy.File("manifest.yaml"));
        Edit.Replace(copy.File("manifest.yaml"), right, wrong);

        Assert.NotEmpty(Yaml.Read(copy.File("manifest.yaml")).SelectMany(ManifestFields.Faults));
    }

    [Fact]
    public void Kustomizations_OfVariants_NameWhatIsThere()
    {
        foreach (var (file, kustomization) in Manifests.Kubernetes().Where(entry => (string?)entry.Manifest["kind"] == "Kustomization"))
        {
            var folder = Path.GetDirectoryName(Tree.PathOf(file))!;
            var files = Directory.EnumerateFiles(folder).Select(path => Path.GetFileName(path)!)
                .Where(name => name != "kustomization.yaml").ToList();
            var patches = kustomization["patches"]?.AsArray().Select(patch => (string)patch!["path"]!).ToList() ?? [];
            var resources = kustomization["resources"]!.AsArray().Select(resource => (string)resource!).ToList();

            // Kustomize reads files of its own folder only; of another folder it takes a whole kustomization.
            Assert.All(
                resources.Where(name => name.StartsWith("..", StringComparison.Ordinal)),
                name => Assert.True(File.Exists(Path.Combine(folder, name, "kustomization.yaml")), $"{file}: {name}"));
            Assert.Equal(files.Order(), resources.Where(name => !name.StartsWith("..", StringComparison.Ordinal)).Concat(patches).Order());
        }
    }

    [Fact]
    public void Selectors_OfEverything_FindTheWorker()
    {
        foreach (var deployment in Manifests.OfKind("Deployment").Where(deployment => deployment["spec"]!["selector"] is not null))
        {
            var labels = deployment["spec"]!["template"]!["metadata"]!["labels"]!;
            var selectors = Manifests.OfKind("Service").Select(service => service["spec"]!["selector"])
                .Concat(new[] { "PodDisruptionBudget", "PodMonitor" }.SelectMany(Manifests.OfKind)
                    .Select(found => found["spec"]!["selector"]!["matchLabels"]))
                .Concat(Manifests.OfKind("NetworkPolicy").Select(policy => policy["spec"]!["podSelector"]!["matchLabels"]))
                .Append(deployment["spec"]!["selector"]!["matchLabels"]).ToList();

            Assert.True(selectors.Count >= 6);
            Assert.All(selectors,
                selector => Assert.All(selector!.AsObject(), label => Assert.Equal((string)label.Value!, (string?)labels[label.Key])));
        }
    }

    [Fact]
    public void Containers_OfWorkers_AreLockedDownAndProbedAsInAzure()
    {
        var azure = Snapshot.Read(Snapshot.Full).Container("worker")["probes"]!.AsArray()
            .ToDictionary(probe => (string)probe!["type"]!, probe => (string)probe!["httpGet"]!["path"]!);
        foreach (var spec in Manifests.OfKind("Deployment").Select(deployment => deployment["spec"]!["template"]!["spec"]!)
            .Where(spec => spec["securityContext"] is not null))
        {
            var container = spec["containers"]![0]!;
            Assert.True((bool)spec["securityContext"]!["runAsNonRoot"]!);
            Assert.True((bool)container["securityContext"]!["readOnlyRootFilesystem"]!);
            Assert.False((bool)container["securityContext"]!["allowPrivilegeEscalation"]!);
            Assert.Equal("ALL", (string)container["securityContext"]!["capabilities"]!["drop"]![0]!);
            foreach (var type in new[] { "Startup", "Liveness", "Readiness" })
                Assert.Equal(azure[type], (string)container[$"{char.ToLowerInvariant(type[0])}{type[1..]}Probe"]!["httpGet"]!["path"]!);
        }

        var gpu = Yaml.Read(Tree.PathOf("infra/kubernetes/base/worker.yaml"))[0]["spec"]!["template"]!["spec"]!["containers"]![0]!;
        Assert.Equal("1", (string)gpu["resources"]!["limits"]!["nvidia.com/gpu"]!);
    }

    [Fact]
    public void References_BetweenManifests_Hold()
    {
        var ports = Manifests.OfKind("Deployment")
            .SelectMany(deployment => deployment["spec"]!["template"]!["spec"]!["containers"]!.AsArray())
            .SelectMany(container => container!["ports"]?.AsArray() ?? []).Select(port => (string)port!["name"]!).ToHashSet();
        var named = Manifests.OfKind("Service").SelectMany(service => service["spec"]!["ports"]!.AsArray())
            .Select(port => (string)port!["targetPort"]!)
            .Concat(Manifests.OfKind("PodMonitor").SelectMany(monitor => monitor["spec"]!["podMetricsEndpoints"]!.AsArray())
                .Select(endpoint => (string)endpoint!["port"]!))
            .Concat(Manifests.OfKind("NetworkPolicy").SelectMany(policy => policy["spec"]!["ingress"]!.AsArray())
                .SelectMany(rule => rule!["ports"]!.AsArray()).Select(port => (string)port!["port"]!));
        Assert.Empty(named.Except(ports));

        var triggers = Manifests.OfKind("ScaledObject").SelectMany(scaled => scaled["spec"]!["triggers"]!.AsArray()).ToList();
        Assert.All(
            triggers.Where(trigger => trigger!["authenticationRef"] is not null),
            trigger => Assert.Equal(Name("TriggerAuthentication"), (string)trigger!["authenticationRef"]!["name"]!));
        Assert.All(
            triggers.Where(trigger => (string)trigger!["type"]! == "external-push"),
            trigger => Assert.Equal(Name("InterceptorRoute"), (string)trigger!["metadata"]!["interceptorRoute"]!));
        Assert.All(Manifests.OfKind("ScaledObject"), scaled => Assert.Equal("worker", (string)scaled["spec"]!["scaleTargetRef"]!["name"]!));
        Assert.Equal(Name("Service"), (string)Manifests.OfKind("InterceptorRoute").Single()["spec"]!["target"]!["service"]!);
    }

    [Fact]
    public void Workload_InKubernetes_IsTheFederatedOne()
    {
        var subjects = Snapshot.Read(Snapshot.Full).OfType("Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials")
            .Select(credential => (string)credential["properties"]!["subject"]!);

        var account = (string)Manifests.OfKind("ServiceAccount").First()["metadata"]!["name"]!;
        Assert.Contains($"system:serviceaccount:{Name("Namespace")}:{account}", subjects);
    }

    private static string Name(string kind) => (string)Manifests.OfKind(kind).Single()["metadata"]!["name"]!;
}
