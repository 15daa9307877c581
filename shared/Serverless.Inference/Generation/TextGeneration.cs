namespace Serverless.Inference.Generation;

/// <summary>A request that is under way.</summary>
public abstract class TextGeneration
{
    /// <summary>What it took so far; final once the last piece was read.</summary>
    public abstract GenerationUsage Usage { get; }

    /// <summary>Time from the request's arrival until it was let in; zero until then.</summary>
    public abstract TimeSpan Queue { get; }

    /// <summary>
    /// The pieces of all continuations as they come, until each has finished. To be read once.
    /// </summary>
    /// <exception cref="Serverless.Contracts.Errors.InferenceException">The model failed while it ran, or the deadline passed.</exception>
    /// <exception cref="OperationCanceledException">The token given to <see cref="TextGenerator.Start"/> was cancelled.</exception>
    public abstract IAsyncEnumerable<GenerationPiece> ReadAllAsync();
}
