using System.Text;
using Serverless.ServiceBusEmulator.Configuration;
using Serverless.ServiceBusEmulator.Entities;
using Serverless.ServiceBusEmulator.Topics;

namespace Serverless.ServiceBusEmulator.Tests.Configuration;

public sealed class ConfigFileTests
{
    [Fact]
    public void Parse_OfficialShape_DeclaresEverything()
    {
        var entities = Parse("""
            {
              "UserConfig": {
                // One namespace.
                "Namespaces": [ {
                  "Name": "sbemulatorns",
                  "Queues": [ { "Name": "queue.1", "Properties": {
                    "DeadLetteringOnMessageExpiration": true, "DefaultMessageTimeToLive": "PT1H",
                    "DuplicateDetectionHistoryTimeWindow": "PT20S", "ForwardDeadLetteredMessagesTo": "", "ForwardTo": "other",
                    "LockDuration": "PT30S", "MaxDeliveryCount": 3, "RequiresDuplicateDetection": true, "RequiresSession": true } } ],
                  "Topics": [ { "Name": "topic.1", "Properties": { "DefaultMessageTimeToLive": "PT2H" }, "Subscriptions": [
                    { "Name": "s1", "Rules": [
                      { "Name": "r1", "Properties": { "FilterType": "Correlation", "CorrelationFilter": {
                        "ContentType": "application/json", "Properties": { "n": 5, "flag": true, "text": "x" } } } },
                      { "Name": "r2", "Properties": { "FilterType": "Sql", "SqlFilter": { "SqlExpression": "a = 1" },
                        "Action": { "SqlExpression": "SET b = 2" } } } ] },
                  ] } ]
                } ],
                "Logging": { "Type": "File" }
              }
            }
            """);

        Assert.Equal(["queue.1", "topic.1", "topic.1/Subscriptions/s1"], entities.Select(entity => entity.Path));
        var queue = entities[0].Options;
        Assert.True(queue is { RequiresSession: true, RequiresDuplicateDetection: true, DeadLetteringOnMessageExpiration: true });
        Assert.Equal(3, queue.MaxDeliveryCount);
        Assert.Equal((TimeSpan.FromHours(1), TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(20)), (
            queue.DefaultMessageTimeToLive, queue.LockDuration, queue.DuplicateDetectionHistoryTimeWindow));
        Assert.Equal(("other", null), (queue.ForwardTo, queue.ForwardDeadLetteredMessagesTo));
        Assert.Equal(EntityKind.Subscription, entities[2].Kind);
        Assert.Equal("application/json", entities[2].Rules[0].Correlation!.ContentType);
        Assert.Equal([5L, true, "x"], entities[2].Rules[0].Correlation!.Properties.Values.Select(value => value.ToObject()));
        Assert.Equal((RuleFilterKind.Sql, "a = 1", "SET b = 2"), (
            entities[2].Rules[1].Kind, entities[2].Rules[1].SqlExpression, entities[2].Rules[1].SqlAction));
    }

    [Theory]
    [InlineData("{}", "'UserConfig:Namespaces' is missing")]
    [InlineData("""{ "UserConfig": { "Namespaces": [ {}, {} ] } }""", "has 2 entries")]
    [InlineData("""{ "UserConfig": { "Namespaces": [ { "Queues": [ { } ] } ] } }""", "An entry of 'Queues' has no 'Name'")]
    [InlineData(
        """{ "UserConfig": { "Namespaces": [ { "Queues": [ { "Name": "q", "Properties": { "LockDuration": "30s" } } ] } ] } }""",
        "'q' has LockDuration '30s', which is not an ISO 8601 duration")]
    public void Parse_Mistake_IsNamed(string json, string message)
    {
        var error = Assert.Throws<ConfigException>(() => Parse(json));

        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_MissingFile_IsNamed()
    {
        var error = Assert.Throws<ConfigException>(() => ConfigFile.Read("/nowhere/Config.json"));

        Assert.Contains("'/nowhere/Config.json' does not exist", error.Message, StringComparison.Ordinal);
    }

    private static List<EntityDescription> Parse(string json) => ConfigFile.Parse(Encoding.UTF8.GetBytes(json));
}
