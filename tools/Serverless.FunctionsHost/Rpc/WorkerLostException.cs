namespace Serverless.FunctionsHost.Rpc;

/// <summary>The worker ended, or its stream did, before it answered.</summary>
internal sealed class WorkerLostException(string message) : Exception(message);
