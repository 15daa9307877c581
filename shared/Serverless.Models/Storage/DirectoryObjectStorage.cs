using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;

namespace Serverless.Models.Storage;

/// <summary>Objects as files below one folder, written beside their place and renamed into it.</summary>
internal sealed class DirectoryObjectStorage(string root) : IObjectStorage
{
    private const string TemporarySuffix = ".tmp";
    private const string LockName = ".lock";
    private readonly ConcurrentDictionary<string, bool> _cleaned = new(StringComparer.Ordinal);
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
        return Task.FromResult(file.Exists ? Describe(name, file) : null);
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

    public async Task<TaggedContent?> ReadAsync(string name, int limit, CancellationToken cancellationToken)
    {
        await using var file = await OpenAsync(name, cancellationToken);
        if (file is null)
            return null;
        var content = await BoundedRead.ToEndAsync(file, limit, cancellationToken);
        return new TaggedContent(content, Tag(content.Span));
    }

    public async Task<bool> TryReplaceAsync(string name, ReadOnlyMemory<byte> content, string etag, CancellationToken cancellationToken)
    {
        await using var held = await LockFolderAsync(name, cancellationToken);
        var current = await ReadAsync(name, int.MaxValue - 1, cancellationToken);
        if (current?.ETag != etag)
            return false;
        await WriteAsync(name, new MemoryStream(content.ToArray()), null, cancellationToken);
        return true;
    }

    public Task<bool> TryTouchAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            File.SetLastWriteTimeUtc(PathOf(name), TimeProvider.System.GetUtcNow().UtcDateTime);
            return Task.FromResult(true);
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            return Task.FromResult(false);
        }
    }

    // Between the look and the deletion lies an instant in which a push may touch the file; it finds it missing when it checks at its end.
    public Task DeleteUnchangedAsync(StoredObject found, CancellationToken cancellationToken)
    {
        var file = new FileInfo(PathOf(found.Name));
        if (file.Exists && file.LastWriteTimeUtc == found.LastModified)
            file.Delete();
        return Task.CompletedTask;
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
            yield return Describe(name, file);
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
        RemoveLeftBehind(Directory.CreateDirectory(Path.GetDirectoryName(target)!));
        var temporary = $"{target}.{Guid.NewGuid():N}{TemporarySuffix}";
        try
        {
            await using var file = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None);
            await content.CopyToAsync(file, cancellationToken);
            // Without this a power failure may leave a file that has its name but not its bytes.
            file.Flush(flushToDisk: true);
            return temporary;
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }

    // What killed processes were writing. Nobody takes a day for one object.
    private void RemoveLeftBehind(DirectoryInfo folder)
    {
        if (!_cleaned.TryAdd(folder.FullName, true))
            return;
        var before = TimeProvider.System.GetUtcNow().AddDays(-1).UtcDateTime;
        foreach (var left in folder.EnumerateFiles($"*{TemporarySuffix}").Where(file => file.LastWriteTimeUtc < before))
            left.Delete();
    }

    private static StoredObject Describe(string name, FileInfo file) => new(
        name, file.Length, file.LastWriteTimeUtc, file.LastWriteTimeUtc.Ticks.ToString(CultureInfo.InvariantCulture));

    private static string Tag(ReadOnlySpan<byte> content) => Convert.ToHexStringLower(SHA256.HashData(content));

    private string PathOf(string name) => Path.Combine(_root, name.Replace('/', Path.DirectorySeparatorChar));
}
