namespace Serverless.Models.Storage;

/// <summary>A lock between processes: a file that is open for one of them. The system frees it when its holder dies.</summary>
internal sealed class FileLock : IDisposable, IAsyncDisposable
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(5);
    private readonly FileStream _file;

    private FileLock(FileStream file) => _file = file;

    /// <summary>The lock, or null when somebody holds it.</summary>
    public static FileLock? TryAcquire(string path)
    {
        try
        {
            return new FileLock(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 1));
        }
        catch (IOException) when (Directory.Exists(Path.GetDirectoryName(path)))
        {
            return null;
        }
    }

    /// <summary>The lock, once nobody else holds it.</summary>
    public static async Task<FileLock> AcquireAsync(string path, TimeProvider time, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (TryAcquire(path) is { } held)
                return held;
            await Task.Delay(RetryDelay, time, cancellationToken);
        }
    }

    public void Dispose() => _file.Dispose();

    public ValueTask DisposeAsync() => _file.DisposeAsync();
}
