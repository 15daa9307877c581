using Serverless.Models.Loading;

namespace Serverless.Inference.Onnx;

/// <summary>
/// A folder with an empty file for external data. A graph that comes as bytes must have such a file, even if every initializer is given
/// in memory and nothing is read from it.
/// </summary>
internal sealed class WeightsFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("serverless-session-");

    public WeightsFolder() => File.Create(System.IO.Path.Combine(Path, LoadedPackage.WeightsFileName)).Dispose();

    public string Path => _folder.FullName;

    public void Dispose() => _folder.Delete(recursive: true);
}
