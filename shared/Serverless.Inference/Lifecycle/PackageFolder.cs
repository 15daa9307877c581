using Serverless.Models.Manifest;

namespace Serverless.Inference.Lifecycle;

/// <summary>
/// A folder for one unpacked package, gone once its session has been built (a mapped file lives on until it is unmapped).
/// </summary>
internal sealed class PackageFolder : IDisposable
{
    public PackageFolder(string? parent)
    {
        Path = System.IO.Path.Combine(parent ?? System.IO.Path.GetTempPath(), $"serverless-model-{Guid.NewGuid():N}");
        Directory.CreateDirectory(Path);
    }

    public string Path { get; }

    public string PathOf(string file) => PackagePath.IsValid(file)
        ? System.IO.Path.Combine(Path, file.Replace('/', System.IO.Path.DirectorySeparatorChar))
        : throw new ArgumentException($"'{file}' cannot name a file of a package.", nameof(file));

    public FileStream Create(string file)
    {
        var path = PathOf(file);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        return new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 1);
    }

    public void Dispose()
    {
        try
        {
            Directory.Delete(Path, recursive: true);
        }
        catch (IOException)
        {
            // Windows keeps a mapped file; the temporary folder's own cleaning takes it later.
        }
    }
}
