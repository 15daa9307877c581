using Serverless.Models.Manifest;
using Serverless.Models.Memory;

namespace Serverless.Models.Caching;

/// <summary>An entry in the making. Until it is committed it lies beside its place, and goes when this is disposed.</summary>
internal sealed class CacheDraft : IDisposable
{
    private const int PieceBytes = 8 << 20;

    private readonly CacheFolder _folder;
    private readonly ModelManifest _manifest;
    private readonly string _path;
    private readonly FileStream _alone;
    private bool _committed;

    public CacheDraft(CacheFolder folder, ModelManifest manifest)
    {
        _folder = folder;
        _manifest = manifest;
        _path = folder.NewTemporary();
        Directory.CreateDirectory(_path);
        _alone = new FileStream(
            Path.Combine(_path, CacheFolder.UseFile), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, bufferSize: 1);
    }

    /// <summary>Maps the weights to be filled; null when there are none.</summary>
    public MappedFile? MapWeights()
    {
        var path = Path.Combine(_path, CacheFolder.WeightsFile);
        if (_manifest.WeightsSize > 0)
            return MappedFile.Create(path, _manifest.WeightsSize);
        File.WriteAllBytes(path, []);
        return null;
    }

    /// <summary>Writes weights that are in memory.</summary>
    public async Task WriteWeightsAsync(nint address, CancellationToken cancellationToken)
    {
        var path = Path.Combine(_path, CacheFolder.WeightsFile);
        using var file = File.OpenHandle(
            path, FileMode.CreateNew, FileAccess.Write, FileShare.None, FileOptions.None, preallocationSize: _manifest.WeightsSize);
        for (long at = 0; at < _manifest.WeightsSize; at += PieceBytes)
        {
            var piece = new UnmanagedMemory(address + (nint)at, (int)Math.Min(PieceBytes, _manifest.WeightsSize - at)).Memory;
            await RandomAccess.WriteAsync(file, piece, at, cancellationToken);
        }
    }

    /// <summary>Writes the files of the package.</summary>
    public async Task WriteFilesAsync(IReadOnlyDictionary<string, ReadOnlyMemory<byte>> files, CancellationToken cancellationToken)
    {
        foreach (var (path, content) in files)
        {
            var target = Path.Combine(_path, CacheFolder.FileOf(path));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            await File.WriteAllBytesAsync(target, content, cancellationToken);
        }
    }

    /// <summary>Puts the entry in its place; another process's entry that is there already stays.</summary>
    public void Commit(TimeProvider time)
    {
        // A mapping may set the time of change late; from here on it means that somebody else wrote.
        File.SetLastWriteTimeUtc(Path.Combine(_path, CacheFolder.WeightsFile), time.GetUtcNow().UtcDateTime);
        EntryFolder.Stamp(_path, _manifest);
        _alone.Dispose();
        try
        {
            Directory.Move(_path, _folder.Entry(CacheKey.Of(_manifest)));
            _committed = true;
        }
        catch (IOException) when (Directory.Exists(_folder.Entry(CacheKey.Of(_manifest))))
        {
        }
    }

    public void Dispose()
    {
        _alone.Dispose();
        if (_committed)
            return;
        try
        {
            Directory.Delete(_path, recursive: true);
        }
        catch (IOException)
        {
            // Windows keeps mapped files; the next eviction takes them.
        }
    }
}
