namespace Serverless.TestKit;

/// <summary>A new empty folder, deleted with all that lies in it when disposed.</summary>
public sealed class TemporaryFolder : IDisposable
{
    // What a stopped engine was writing into its cache is there a moment longer.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>Full path of the folder.</summary>
    public string Path { get; } = Directory.CreateTempSubdirectory("serverless-").FullName;

    /// <summary>Full path of <paramref name="name"/> in the folder.</summary>
    public string File(string name) => System.IO.Path.Combine(Path, name);

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!SpinWait.SpinUntil(TryDelete, Patience))
            Directory.Delete(Path, recursive: true);
    }

    private bool TryDelete()
    {
        try
        {
            if (Directory.Exists(Path))
                Directory.Delete(Path, recursive: true);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }
}
