using Serverless.Inference.Generation.Text;
using Serverless.Models.Manifest;

namespace Serverless.Inference.Onnx.Preparation.Decoders;

/// <summary>The files about text that lie beside a decoder's graph.</summary>
public sealed class DecoderFiles
{
    internal const string Tokenizer = "tokenizer.json";
    internal const string GenAi = "genai_config.json";
    internal const string Generation = "generation_config.json";
    internal const string Configuration = "config.json";
    internal const string TokenizerConfiguration = "tokenizer_config.json";

    private const string DefaultGraph = "model.onnx";
    private const string GraphFolder = "onnx";
    private const long Small = 4 << 20;

    // The largest tokenizers in use, of a quarter of a million tokens, take 33 MB.
    private static readonly Dictionary<string, long> Limits = new(StringComparer.Ordinal)
    {
        [Tokenizer] = 64 << 20,
        [TokenizerConfiguration] = Small,
        ["special_tokens_map.json"] = Small,
        ["chat_template.jinja"] = Small,
        [Generation] = Small,
        [GenAi] = Small,
        [Configuration] = Small,
    };

    private readonly Dictionary<string, string> _paths;

    private DecoderFiles(Dictionary<string, string> paths) => _paths = paths;

    /// <summary>Local paths by file name.</summary>
    public IReadOnlyDictionary<string, string> Paths => _paths;

    /// <summary>Whether the file is one of those that a decoder's package holds.</summary>
    public static bool IsKnown(string name) => Limits.ContainsKey(name);

    /// <summary>
    /// The graph that a folder is about: <c>decoder.filename</c> of its <c>genai_config.json</c>, or <c>model.onnx</c>, or
    /// <c>onnx/model.onnx</c>. A path that is no folder stays as it is.
    /// </summary>
    /// <exception cref="ModelRefusedException">There is none of them.</exception>
    public static string FindGraph(string path)
    {
        if (!Directory.Exists(path))
            return path;
        var configuration = Path.Combine(path, GenAi);
        if (File.Exists(configuration))
        {
            var name = GenAiConfiguration.Read(DecoderJson.Read(configuration, Small)).Graph;
            if (!PackagePath.IsValid(name) || !File.Exists(Path.Combine(path, name)))
                throw new ModelRefusedException($"the graph '{name}' that its {GenAi} names is not in its folder");
            return Path.Combine(path, name);
        }

        string[] usual = [Path.Combine(path, DefaultGraph), Path.Combine(path, GraphFolder, DefaultGraph)];
        return usual.FirstOrDefault(File.Exists)
            ?? throw new ModelRefusedException($"its folder has neither {GenAi} nor {DefaultGraph}: name the .onnx file");
    }

    /// <summary>Finds the files beside <paramref name="graph"/>, or in the folder above one that is called <c>onnx</c>.</summary>
    /// <exception cref="ModelRefusedException">There is no tokenizer, or a file is too large.</exception>
    internal static DecoderFiles Beside(string graph)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(graph))!;
        string[] folders = Path.GetFileName(folder) == GraphFolder ? [folder, Path.GetDirectoryName(folder)!] : [folder];
        var paths = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, limit) in Limits)
        {
            if (folders.Select(place => Path.Combine(place, name)).FirstOrDefault(File.Exists) is not { } path)
                continue;
            if (new FileInfo(path).Length > limit)
                throw new ModelRefusedException($"its {name} has {new FileInfo(path).Length} bytes where up to {limit} are allowed");
            paths.Add(name, path);
        }

        return paths.ContainsKey(Tokenizer)
            ? new DecoderFiles(paths)
            : throw new ModelRefusedException(
                $"there is no {Tokenizer} beside it, which text generation needs; push it with the task {ModelTasks.Generic} to serve it as tensors");
    }

    /// <summary>Reads what they say about text, as the worker will.</summary>
    /// <exception cref="ModelRefusedException">They cannot be read; the message names the file.</exception>
    internal void Check()
    {
        try
        {
            _ = PackageTextFactory.Create(_paths.ToDictionary(
                file => file.Key, file => (ReadOnlyMemory<byte>)File.ReadAllBytes(file.Value), StringComparer.Ordinal));
        }
        catch (InvalidDataException error)
        {
            throw new ModelRefusedException(error.Message.TrimEnd('.'), error);
        }
        catch (PlatformNotSupportedException)
        {
            // Texts are read where the model is served.
        }
    }

    /// <summary>The file's content; an empty one where it is missing.</summary>
    internal DecoderJson Read(string name) => _paths.TryGetValue(name, out var path) ? DecoderJson.Read(path, Limits[name]) : DecoderJson.None;
}
