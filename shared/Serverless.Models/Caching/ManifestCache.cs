using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Serverless.Models.Integrity;
using Serverless.Models.Manifest;
using Serverless.Models.Storage;

namespace Serverless.Models.Caching;

/// <summary>
/// Manifests of versions that were loaded from one store. They say what the store will most likely say again, so that a load from the local
/// cache need not wait for its answer before it begins; whether it does say so decides whether the load counts.
/// </summary>
internal sealed class ManifestCache(string folder, string location)
{
    // At most about 16 MiB each, mostly 20 KiB; a worker serves some dozens of versions.
    private const int MostFiles = 256;

    private readonly string _folder = Path.Combine(Path.GetFullPath(folder), "manifests");
    private readonly ConcurrentDictionary<string, string> _kept = new(StringComparer.Ordinal);

    /// <summary>The manifest as it was when the version was last loaded; null when it never was, or cannot be read.</summary>
    public ModelManifest? Find(string name, int version)
    {
        var path = PathOf(name, version);
        try
        {
            if (new FileInfo(path) is not { Exists: true, Length: <= ModelStore.MaxManifestBytes })
                return null;
            var manifest = ManifestReader.Read(File.ReadAllBytes(path), name, version);
            _kept[path] = manifest.Digest;
            return manifest;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ModelIntegrityException)
        {
            return null;
        }
    }

    /// <summary>Keeps <paramref name="manifest"/>. What fails leaves things as they were: only time is lost by it.</summary>
    public void Keep(ModelManifest manifest)
    {
        var path = PathOf(manifest.Name, manifest.Version);
        if (_kept.TryGetValue(path, out var digest) && digest == manifest.Digest)
            return;
        var bytes = ManifestDigest.Seal(manifest);
        // Written by a version of this program that writes otherwise: it would never be equal to what the store has.
        if (ManifestDigest.Compute(bytes, manifest.Digest) != manifest.Digest)
            return;
        try
        {
            Directory.CreateDirectory(_folder);
            Trim();
            var temporary = $"{path}.{Guid.NewGuid():N}.tmp";
            File.WriteAllBytes(temporary, bytes);
            File.Move(temporary, path, overwrite: true);
            _kept[path] = manifest.Digest;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            _kept.TryRemove(path, out _);
        }
    }

    /// <summary>Forgets a version that is gone.</summary>
    public void Remove(string name, int version)
    {
        var path = PathOf(name, version);
        _kept.TryRemove(path, out _);
        try
        {
            File.Delete(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // It is asked about once more then.
        }
    }

    // Also takes what killed processes left half written.
    private void Trim()
    {
        var files = new DirectoryInfo(_folder).GetFiles();
        if (files.Length < MostFiles)
            return;
        foreach (var file in files.OrderBy(file => file.LastWriteTimeUtc).Take(files.Length - MostFiles + 1))
            file.Delete();
    }

    private string PathOf(string name, int version)
    {
        var text = string.Create(CultureInfo.InvariantCulture, $"{location}\n{name}\n{version}");
        return Path.Combine(_folder, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text))) + ".json");
    }
}
