namespace Serverless.Benchmarks.Burst;

/// <summary>A model as a program without packages reads it.</summary>
/// <param name="Graph">The optimised graph; its weights lie beside it.</param>
/// <param name="Vocabulary">The tokenizer's vocabulary.</param>
internal sealed record BareFiles(string Graph, string Vocabulary);
