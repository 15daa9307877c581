using System.Text.Json;

namespace Serverless.Scaling;

/// <summary>The document of scale rules, member by member. docs/scale.schema.json allows the same.</summary>
internal static class ScaleRulesReader
{
    // Everything that this reads fits into a few KiB.
    private const int MaxBytes = 1 << 20;
    private const int MostReplicas = 1000;

    public static ScaleRules Read(ReadOnlyMemory<byte> json)
    {
        if (json.Length > MaxBytes)
            throw new ScaleRulesException($"The file has {json.Length} bytes; {MaxBytes} at most are allowed.");

        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { AllowDuplicateProperties = false, MaxDepth = 16 });
            var root = StrictObject.Of(document.RootElement, "");
            root.Text("$schema", required: false);
            var rules = new ScaleRules(Worker(root.Object("worker")), Gateway(root.Object("gateway")));
            root.End();
            return rules;
        }
        catch (JsonException exception)
        {
            throw new ScaleRulesException($"This is not JSON: {exception.Message}", exception);
        }
    }

    private static WorkerScale Worker(StrictObject worker)
    {
        var rules = new WorkerScale(
            worker.Integer("minReplicas", 0, MostReplicas),
            worker.Integer("maxReplicas", 1, MostReplicas),
            worker.Integer("httpConcurrency", 1, int.MaxValue),
            Queues(worker.Object("queues")),
            worker.Seconds("pollingIntervalSeconds", 1, 3600),
            worker.Seconds("cooldownSeconds", 0, 86400),
            worker.Seconds("terminationGraceSeconds", 30, 600),
            worker.Integer("maxHeldRequests", 1, 100_000),
            [.. worker.Objects("preWarm").Select(PreWarm)]);
        worker.End();
        Ordered(worker, rules.MinReplicas, rules.MaxReplicas);
        return rules;
    }

    private static GatewayScale Gateway(StrictObject gateway)
    {
        var limits = new GatewayScale(gateway.Integer("minReplicas", 0, MostReplicas), gateway.Integer("maxReplicas", 1, MostReplicas));
        gateway.End();
        Ordered(gateway, limits.MinReplicas, limits.MaxReplicas);
        return limits;
    }

    private static Dictionary<string, QueueScale> Queues(StrictObject queues)
    {
        var scales = queues.Members.ToDictionary(name => name, name => Queue(queues.Object(name)));
        return scales.Count > 0 ? scales : throw queues.Wrong("is empty; at least one queue is needed");
    }

    private static QueueScale Queue(StrictObject queue)
    {
        var scale = new QueueScale(queue.Integer("messagesPerReplica", 1, int.MaxValue), queue.Integer("activation", 0, int.MaxValue));
        queue.End();
        return scale;
    }

    private static PreWarmWindow PreWarm(StrictObject item)
    {
        var window = new PreWarmWindow(
            item.Text("start")!, item.Text("end")!, item.Text("timezone")!, item.Integer("replicas", 1, MostReplicas));
        item.End();
        if (CronWindow.Fault(window) is { } fault)
            throw item.Wrong(fault);

        return window;
    }

    private static void Ordered(StrictObject limits, int min, int max)
    {
        if (min > max)
            throw limits.Wrong($"has minReplicas {min} above maxReplicas {max}; at most {max} is allowed");
    }
}
