namespace Serverless.Worker.Tests.Jobs;

/// <summary>The worker is gone, from this step on.</summary>
public sealed class DeathException() : Exception("killed");
