namespace Serverless.Models.Manifest;

/// <summary>What a model can be asked to do beyond plain tensors in, tensors out.</summary>
public static class ModelTasks
{
    /// <summary>A BERT-like encoder with its vocabulary, served by <c>/v1/embeddings</c>.</summary>
    public const string TextEmbedding = "text-embedding";

    /// <summary>
    /// A decoder with keys and values as inputs and outputs, and its <c>tokenizer.json</c>; served by <c>/v1/completions</c> and
    /// <c>/v1/chat/completions</c>.
    /// </summary>
    public const string TextGeneration = "text-generation";

    /// <summary>Tensors in, tensors out.</summary>
    public const string Generic = "generic";

    /// <summary>Every task, for messages and checks.</summary>
    public static IReadOnlyList<string> All { get; } = [TextEmbedding, TextGeneration, Generic];
}
