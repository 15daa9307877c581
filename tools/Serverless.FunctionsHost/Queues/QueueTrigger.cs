using Serverless.FunctionsHost.Functions;
using Serverless.FunctionsHost.Settings;

namespace Serverless.FunctionsHost.Queues;

/// <summary>A queue-triggered function with its queues and limits.</summary>
internal sealed record QueueTrigger(
    string Function, FunctionBinding Binding, AppQueue Queue, AppQueue Poison, QueueSettings Settings, TimeSpan Lease);
