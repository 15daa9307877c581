using System.Globalization;
using System.Text;
using Serverless.ServiceBusEmulator.Amqp;
using Serverless.ServiceBusEmulator.Entities;
using Serverless.ServiceBusEmulator.Queues;

namespace Serverless.ServiceBusEmulator.Administration;

/// <summary>The counts in Prometheus' text format.</summary>
internal static class MetricsText
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    public static string Write(Broker broker, ConnectionLimits limits)
    {
        var entities = broker.Entities.ToList();
        var text = new StringBuilder();
        Head(text, "messages", "gauge", "Messages that an entity holds, by state.");
        foreach (var entity in entities)
        {
            var runtime = EntityRuntime.Of(entity);
            Sample(text, "messages", entity, "active", runtime.Active);
            Sample(text, "messages", entity, "scheduled", runtime.Scheduled);
            Sample(text, "messages", entity, "deferred", runtime.Deferred);
            Sample(text, "messages", entity, "dead_lettered", runtime.DeadLettered);
        }

        Head(text, "size_bytes", "gauge", "Bytes of the messages that an entity holds.");
        foreach (var entity in entities)
            Sample(text, "size_bytes", entity, null, EntityRuntime.Of(entity).SizeBytes);
        Counter(text, entities, "received_total", "Messages that an entity took in.", counts => counts.Received);
        Counter(text, entities, "delivered_total", "Deliveries to receivers.", counts => counts.Delivered);
        Counter(text, entities, "completed_total", "Messages that receivers completed.", counts => counts.Completed);
        Head(text, "connections", "gauge", "AMQP connections that are open.");
        text.Append(CultureInfo.InvariantCulture, $"serverless_servicebus_connections {limits.Connections}\n");
        Head(text, "links", "gauge", "AMQP links that are open.");
        text.Append(CultureInfo.InvariantCulture, $"serverless_servicebus_links {limits.Links}\n");
        return text.ToString();
    }

    private static void Counter(
        StringBuilder text, List<Entity> entities, string name, string help, Func<QueueCounts, long> value)
    {
        Head(text, name, "counter", help);
        foreach (var entity in entities)
            Sample(text, name, entity, null, entity.Queues.Sum(queue => value(queue.Counts)));
    }

    private static void Head(StringBuilder text, string name, string type, string help) => text
        .Append(CultureInfo.InvariantCulture, $"# HELP serverless_servicebus_{name} {help}\n")
        .Append(CultureInfo.InvariantCulture, $"# TYPE serverless_servicebus_{name} {type}\n");

    private static void Sample(StringBuilder text, string name, Entity entity, string? state, long value)
    {
        var path = entity.Path.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal);
        var labels = state is null ? $"entity=\"{path}\"" : $"entity=\"{path}\",state=\"{state}\"";
        text.Append(CultureInfo.InvariantCulture, $"serverless_servicebus_{name}{{{labels}}} {value}\n");
    }
}
