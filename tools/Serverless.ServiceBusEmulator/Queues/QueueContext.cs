using Serverless.ServiceBusEmulator.Entities;
using Serverless.ServiceBusEmulator.Storage;

namespace Serverless.ServiceBusEmulator.Queues;

/// <summary>What a store of messages needs from around it.</summary>
internal sealed record QueueContext(EntityLoop Loop, ContentCache Cache)
{
    public IMessageStore Store => Loop.Store;

    public long NowTicks => Loop.NowTicks;
}
