using System.Security.Cryptography;
using System.Text.Json;
using Serverless.Models.Manifest;

namespace Serverless.Optimization.Candidates;

/// <summary>A graph that was made of a model elsewhere, such as a student that was trained on it.</summary>
/// <param name="Path">The .onnx file.</param>
/// <param name="Record">How it was made, as whoever made it says.</param>
public sealed record MadeGraph(string Path, PassRecord Record)
{
    private const string RecordFile = "training.json";
    private const int MaxEntries = 32;
    private const int MaxLength = 256;
    private const long MaxBytes = 64 << 10;

    /// <summary>
    /// Reads how it was made from the file <c>training.json</c> beside it, names and texts; without one there is only its hash.
    /// </summary>
    /// <exception cref="ArgumentException">That file is not such an object, or too large.</exception>
    public static MadeGraph Read(string path)
    {
        var record = System.IO.Path.Combine(System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(path))!, RecordFile);
        using var graph = File.OpenRead(path);
        var hash = Convert.ToHexStringLower(SHA256.HashData(graph));
        return new MadeGraph(path, new PassRecord("candidate", File.Exists(record) ? ReadRecord(record) : [], $"made elsewhere, SHA-256 {hash}"));
    }

    private static Dictionary<string, string> ReadRecord(string path)
    {
        try
        {
            var entries = new FileInfo(path).Length <= MaxBytes ? JsonSerializer.Deserialize<Dictionary<string, string>>(File.ReadAllBytes(path)) : null;
            if (entries is { Count: <= MaxEntries } && entries.All(entry => entry.Key.Length <= MaxLength && entry.Value is { Length: <= MaxLength }))
                return entries;
        }
        catch (JsonException)
        {
            // Said below.
        }

        throw new ArgumentException($"{path} must be a JSON object of up to {MaxEntries} names and texts of up to {MaxLength} characters.");
    }
}
