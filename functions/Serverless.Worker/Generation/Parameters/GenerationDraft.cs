using Serverless.Inference.Generation.Sampling;

namespace Serverless.Worker.Generation.Parameters;

/// <summary>What requests for text have in common, as it is read.</summary>
internal class GenerationDraft
{
    /// <summary>The model as the caller named it.</summary>
    public string? Model { get; set; }

    /// <summary>The most tokens of each continuation; null where the request does not say.</summary>
    public int? MaxTokens { get; set; }

    /// <summary>Continuations of each prompt.</summary>
    public int Choices { get; set; } = 1;

    public SamplingOptions Sampling { get; set; } = new();

    public IReadOnlyList<string> Stop { get; set; } = [];

    /// <summary>What the text must match; null leaves it free.</summary>
    public ResponseFormat? Format { get; set; }

    public bool IgnoreEos { get; set; }

    /// <summary>Whether the answer comes in events.</summary>
    public bool Stream { get; set; }

    /// <summary>Whether the last event of a stream tells what it took.</summary>
    public bool IncludeUsage { get; set; }
}
