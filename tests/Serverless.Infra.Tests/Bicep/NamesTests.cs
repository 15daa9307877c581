using System.Reflection;
using System.Text.Json;
using Serverless.Contracts.Queues;
using Serverless.Contracts.Storage;

namespace Serverless.Infra.Tests.Bicep;

/// <summary>What the code names has to be there.</summary>
public sealed class NamesTests
{
    private static readonly Snapshot First = Snapshot.Read(Snapshot.First);

    private static readonly JsonDocumentOptions Tolerant = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    [Fact]
    public void Containers_OfTheCode_AreAllCreated() =>
        Assert.Empty(Constants(typeof(BlobContainers)).Except(Names("Microsoft.Storage/storageAccounts/blobServices/containers")));

    [Fact]
    public void Queues_OfTheCode_AreAllCreatedWithTheirPoisonQueues()
    {
        var queues = Constants(typeof(QueueNames)).Except([QueueNames.PoisonSuffix, QueueNames.TenantRequestsPrefix]).ToList();
        var created = Names("Microsoft.Storage/storageAccounts/queueServices/queues");

        Assert.NotEmpty(queues);
        Assert.Empty(queues.Concat(queues.Select(name => name + QueueNames.PoisonSuffix)).Except(created));
    }

    [Fact]
    public void ServiceBusQueues_OfTheLocalNamespace_AreTheSameInAzure()
    {
        using var config = JsonDocument.Parse(Tree.Read("tools/servicebus/Config.json"), Tolerant);
        var local = config.RootElement.GetProperty("UserConfig").GetProperty("Namespaces")[0].GetProperty("Queues").EnumerateArray()
            .ToList();

        Assert.NotEmpty(local);
        foreach (var queue in local)
        {
            var name = queue.GetProperty("Name").GetString()!;
            var created = First.OfType("Microsoft.ServiceBus/namespaces/queues")
                .SingleOrDefault(candidate => ((string)candidate["name"]!).EndsWith($"/{name}", StringComparison.Ordinal));
            Assert.True(created is not null, $"Queue '{name}' of tools/servicebus/Config.json is not in infra/main.bicep.");
            // The emulator takes an hour at most; Azure keeps what waits for two weeks.
            foreach (var property in queue.GetProperty("Properties").EnumerateObject()
                .Where(property => property.Name != "DefaultMessageTimeToLive"))
            {
                var bicep = created["properties"]![char.ToLowerInvariant(property.Name[0]) + property.Name[1..]];
                Assert.True(property.Value.ToString() == Text(bicep),
                    $"{name}.{property.Name} is {property.Value} locally and {Text(bicep)} in Bicep.");
            }
        }
    }

    private static string Text(System.Text.Json.Nodes.JsonNode? node) =>
        node is null ? "absent" : JsonDocument.Parse(node.ToJsonString()).RootElement.ToString();

    private static IEnumerable<string> Names(string type) => First.OfType(type)
        .Select(resource => ((string)resource["name"]!).Split('/')[^1]);

    private static IEnumerable<string> Constants(Type type) =>
        type.GetFields(BindingFlags.Public | BindingFlags.Static).Where(field => field.FieldType == typeof(string))
            .Select(field => (string)field.GetRawConstantValue()!);
}
