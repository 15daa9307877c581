using System.Security.Cryptography;
using System.Text;

namespace Serverless.Models.Caching;

/// <summary>
/// What this machine remembers of one store, a file each, in a folder that processes share. Only time is lost by what cannot be read or
/// written, so nothing here fails.
/// </summary>
/// <param name="folder">Where they lie.</param>
/// <param name="location">The store: another one's models may have the same names.</param>
internal sealed class SmallFiles(string folder, string location)
{
    // A worker serves some dozens of versions.
    private const int MostFiles = 256;

    /// <summary>What is kept under <paramref name="key"/>; null for nothing, or for more than <paramref name="most"/> bytes.</summary>
    public byte[]? Read(string key, long most)
    {
        var path = PathOf(key);
        try
        {
            return new FileInfo(path) is { Exists: true } file && file.Length <= most ? File.ReadAllBytes(path) : null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Keeps <paramref name="content"/> as a whole, or leaves what was there.</summary>
    public bool TryWrite(string key, ReadOnlySpan<byte> content)
    {
        var path = PathOf(key);
        try
        {
            Directory.CreateDirectory(folder);
            Trim();
            var temporary = $"{path}.{Guid.NewGuid():N}.tmp";
            File.WriteAllBytes(temporary, content);
            File.Move(temporary, path, overwrite: true);
            return true;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>Forgets what is kept under <paramref name="key"/>.</summary>
    public void Remove(string key)
    {
        try
        {
            File.Delete(PathOf(key));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // It is asked about once more then.
        }
    }

    // Also takes what killed processes left half written.
    private void Trim()
    {
        var files = new DirectoryInfo(folder).GetFiles();
        if (files.Length < MostFiles)
            return;
        foreach (var file in files.OrderBy(file => file.LastWriteTimeUtc).Take(files.Length - MostFiles + 1))
            file.Delete();
    }

    private string PathOf(string key) =>
        Path.Combine(folder, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{location}\n{key}"))) + ".json");
}
