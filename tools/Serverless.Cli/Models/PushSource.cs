namespace Serverless.Cli.Models;

/// <summary>What is pushed.</summary>
/// <param name="Graph">The .onnx file.</param>
/// <param name="Files">Files that go with it.</param>
/// <param name="Task">What it does, if that is known without being told.</param>
internal sealed record PushSource(string Graph, IReadOnlyList<string> Files, string? Task);
