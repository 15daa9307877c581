using Serverless.ServiceBusEmulator.Entities;

namespace Serverless.ServiceBusEmulator.Administration;

/// <summary>An entity's counts, as runtime properties and metrics report them.</summary>
internal readonly record struct EntityRuntime(long Active, long Scheduled, long Deferred, long DeadLettered, long SizeBytes)
{
    public long Total => Active + Scheduled + Deferred + DeadLettered;

    public static EntityRuntime Of(Entity entity)
    {
        var main = entity.Queues[0].Counts;
        var dead = entity.Queues.Count > 1 ? entity.Queues[1].Counts : null;
        return new EntityRuntime(
            main.Active, main.Scheduled, main.Deferred, dead?.Total ?? 0, main.SizeBytes + (dead?.SizeBytes ?? 0));
    }
}
