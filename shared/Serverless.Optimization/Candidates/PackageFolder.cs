using System.Runtime.InteropServices;
using Serverless.Inference.Onnx;
using Serverless.Models.Loading;
using Serverless.Models.Manifest;
using Serverless.Models.Storage;
using Serverless.Optimization.Graphs;

namespace Serverless.Optimization.Candidates;

/// <summary>A published version as files: its graph with the weights beside it, and its other files.</summary>
internal static class PackageFolder
{
    /// <summary>Writes <paramref name="manifest"/>'s files into <paramref name="folder"/>; the graph is then called <c>model.onnx</c>.</summary>
    /// <exception cref="ModelRefusedException">Its weights are laid out for one kind of processor.</exception>
    public static async Task WriteAsync(IModelStore store, ModelManifest manifest, string folder, CancellationToken cancellationToken)
    {
        if (manifest.Optimization is { ProcessorFeatures.Length: > 0 } bound)
        {
            throw new ModelRefusedException(
                $"{manifest.Name}:{manifest.Version} is bound to processors like {bound.ProcessorFeatures}: name the .onnx file that it was pushed from");
        }

        using var package = await new PackageLoader(store).LoadAsync(manifest, WeightsPlace.Memory, cancellationToken);
        await File.WriteAllBytesAsync(Path.Combine(folder, ModelFiles.GraphName), package.Graph, cancellationToken);
        foreach (var file in manifest.Files)
        {
            var path = Path.Combine(folder, file.Path);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            await File.WriteAllBytesAsync(path, package.FileOf(file.Path), cancellationToken);
        }

        if (manifest.Weights.Count > 0)
            WriteWeights(package, Path.Combine(folder, LoadedPackage.WeightsFileName));
    }

    private static void WriteWeights(LoadedPackage package, string path)
    {
        using var file = File.Create(path);
        foreach (var tensor in package.Manifest.Weights)
        {
            file.Position = tensor.Offset;
            var copied = 0L;
            while (copied < tensor.Length)
            {
                var piece = new byte[Math.Min(tensor.Length - copied, 8 << 20)];
                Marshal.Copy(package.AddressOf(tensor) + (nint)copied, piece, 0, piece.Length);
                file.Write(piece);
                copied += piece.Length;
            }
        }
    }
}
