using Serverless.Worker.Generation.Parameters;

namespace Serverless.Worker.Generation.OpenInference;

/// <summary>A request to <c>generate</c> or <c>generate_stream</c>.</summary>
internal sealed class GenerateDraft : GenerationDraft
{
    /// <summary>The caller's name for the request, which the answer repeats.</summary>
    public string? Id { get; set; }

    /// <summary>What to continue.</summary>
    public string? TextInput { get; set; }

    /// <summary>Whether the answer tells how it ended, and each token's log probability.</summary>
    public bool Details { get; set; }

    /// <summary>What the request itself says about streaming, which its path has decided.</summary>
    public bool? SaidStream { get; set; }
}
