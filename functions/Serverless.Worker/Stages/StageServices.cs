namespace Serverless.Worker.Stages;

/// <summary>What the stages at other workers share.</summary>
internal sealed record StageServices(HttpClient Http, StageAccess Access, TimeProvider Time, ILogger Logger)
{
    /// <summary>How long before a request is sent once more: a worker that starts again listens within a second, not within a millisecond.</summary>
    public TimeSpan RetryDelay { get; } = TimeSpan.FromMilliseconds(100);
}
