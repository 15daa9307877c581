namespace Serverless.Models.Manifest;

/// <summary>One change of a model.</summary>
/// <param name="Name">The pass's name, for example <c>int8</c>.</param>
/// <param name="Parameters">All of its parameters.</param>
/// <param name="Report">What it changed, for people.</param>
public sealed record PassRecord(string Name, IReadOnlyDictionary<string, string> Parameters, string Report);
