using System.Text.Json;
using Serverless.Inference.Generation;

namespace Serverless.Worker.Generation.Answers;

/// <summary>An answer in the words of its protocol: in events as it comes, or whole.</summary>
internal abstract class GenerationAnswer
{
    /// <summary>Writes the events that a piece becomes; may be none.</summary>
    /// <param name="events">Where they go.</param>
    /// <param name="piece">The piece.</param>
    /// <param name="usage">What the request took so far; told with pieces that end a continuation.</param>
    public abstract void WritePiece(EventStream events, GenerationPiece piece, GenerationUsage usage);

    /// <summary>Writes what follows the last piece.</summary>
    public abstract void WriteEnd(EventStream events, GenerationUsage usage);

    /// <summary>Writes the whole answer.</summary>
    public abstract void Write(Utf8JsonWriter json, IReadOnlyList<FinishedText> texts, GenerationUsage usage);
}
