namespace Serverless.Models.Publishing;

/// <summary>How far a publication is.</summary>
/// <param name="File">Path in the package of the file at hand; <see cref="Weights"/> for the weights.</param>
/// <param name="Stage">What is being done to it.</param>
/// <param name="Done">Bytes done.</param>
/// <param name="Total">Bytes in all.</param>
public readonly record struct PublishProgress(string File, PublishStage Stage, long Done, long Total)
{
    /// <summary>Stands for all chunks of the weights.</summary>
    public const string Weights = "weights";
}
