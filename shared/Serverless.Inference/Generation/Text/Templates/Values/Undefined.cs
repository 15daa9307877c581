namespace Serverless.Inference.Generation.Text.Templates.Values;

/// <summary>What is not there: false, empty and without elements, and an error for whoever takes something out of it.</summary>
/// <param name="Name">What was looked for.</param>
internal sealed record Undefined(string Name);
