namespace Serverless.TestKit.Fuzzing;

/// <summary>A valid request that mutations start from.</summary>
/// <param name="Path">Where it goes.</param>
/// <param name="Headers">Its headers, without Host and Content-Length.</param>
/// <param name="Body">Its body.</param>
public sealed record FuzzSeed(string Path, IReadOnlyList<(string Name, string Value)> Headers, byte[] Body);
