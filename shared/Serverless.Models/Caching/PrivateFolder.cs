namespace Serverless.Models.Caching;

/// <summary>Stands in for a cache where there is none, or where it is too small: gone with the one package in it.</summary>
internal sealed class PrivateFolder : IDisposable
{
    private readonly string _path = Directory.CreateTempSubdirectory("serverless-weights-").FullName;

    public PackageCacheOptions Options => new(_path, long.MaxValue);

    public void Dispose()
    {
        try
        {
            Directory.Delete(_path, recursive: true);
        }
        catch (IOException)
        {
            // Windows keeps a file that is still mapped elsewhere; the temporary folder's own cleaning takes it later.
        }
    }
}
