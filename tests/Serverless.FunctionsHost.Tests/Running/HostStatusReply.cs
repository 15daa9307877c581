namespace Serverless.FunctionsHost.Tests.Running;

internal sealed record HostStatusReply(
    string State, int ProcessId, int? WorkerProcessId, int Restarts, IReadOnlyList<FunctionStatus> Functions);
