using System.Runtime.CompilerServices;

namespace Serverless.Models.Storage;

/// <summary>Objects as files below one folder, written beside their place and renamed into it.</summary>
internal sealed class DirectoryObjectStorage(string root) : IObjectStorage
{
    private const string TemporarySuffix = ".tmp";
    private const string LockName = ".lock";
    private readonly string _root = Path.GetFullPath(root);

    public string Location => _root;

    public Task<Stream?> OpenAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            return Task.FromResult<Stream?>(new FileStream(
                PathOf(name), FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, bufferSize: 1, FileOptions.Asynchronous));
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            return Task.FromResult<Stream?>(null);
        }
    }

    public Task<StoredObject?> FindAsync(string name, CancellationToken cancellationToken)
    {
        var file = new FileInfo(PathOf(name));
        return Task.FromResult(file.Exists ? new StoredObject(name, file.Length, file.LastWriteTimeUtc) : null);
    }

    public async Task WriteAsync(string name, Stream content, IProgress<long>? progress, CancellationToken cancellationToken)
    {
        var temporary = await WriteTemporaryAsync(name, content, cancellationToken);
        File.Move(temporary, PathOf(name), overwrite: true);
        progress?.Report(new FileInfo(PathOf(name)).Length);
    }

    public async Task<bool> TryCreateAsync(string name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        await using var held = await LockFolderAsync(name, cancellationToken);
        if (File.Exists(PathOf(name)))
            return false;
        await WriteAsync(name, new MemoryStream(content.ToArray()), null, cancellationToken);
        return true;
    }

    public Task DeleteAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            File.Delete(PathOf(name));
        }
        catch (DirectoryNotFoundException)
        {
        }

        return Task.CompletedTask;
    }

    public async IAsyncEnumerable<StoredObject> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var folder = new DirectoryInfo(PathOf(prefix.TrimEnd('/')));
        if (!folder.Exists)
            yield break;
        foreach (var file in folder.EnumerateFiles("*", SearchOption.AllDirectories))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (file.Name.EndsWith(TemporarySuffix, StringComparison.Ordinal) || file.Name == LockName)
                continue;
            var name = Path.GetRelativePath(_root, file.FullName).Replace(Path.DirectorySeparatorChar, '/');
            yield return new StoredObject(name, file.Length, file.LastWriteTimeUtc);
        }

        await Task.CompletedTask;
    }

    public async IAsyncEnumerable<string> ListRootsAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (!Directory.Exists(_root))
            yield break;
        foreach (var folder in Directory.EnumerateDirectories(_root))
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return Path.GetFileName(folder);
        }

        await Task.CompletedTask;
    }

    // A file system has no conditional write, and a rename that must not overwrite looks first and then renames: of eight at once, two
    // succeeded. Whoever makes or replaces under a condition holds the folder's lock meanwhile; it is freed with its process.
    private async Task<FileLock> LockFolderAsync(string name, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateDirectory(Path.GetDirectoryName(PathOf(name))!);
        return await FileLock.AcquireAsync(Path.Combine(folder.FullName, LockName), TimeProvider.System, cancellationToken);
    }

    private async Task<string> WriteTemporaryAsync(string name, Stream content, CancellationToken cancellationToken)
    {
        var target = PathOf(name);
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        var temporary = $"{target}.{Guid.NewGuid():N}{TemporarySuffix}";
        try
        {
            await using var file = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None);
            await content.CopyToAsync(file, cancellationToken);
            return temporary;
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }

    private string PathOf(string name) => Path.Combine(_root, name.Replace('/', Path.DirectorySeparatorChar));
}
