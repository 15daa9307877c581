namespace Serverless.Gateway.Batches.Finalizing;

/// <summary>Another finalizer took the batch over; this one has nothing more to say.</summary>
internal sealed class FencedException() : Exception("Another finalizer took the batch over.");
