using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Serverless.Contracts.Models;

namespace Serverless.Models.Caching;

/// <summary>
/// For which versions names and aliases stood when they were last served on this machine. A load may begin with that before the store has
/// said so again: the first call of a new process takes as long as a small model's session.
/// </summary>
internal sealed class ReferenceCache(string folder, string location)
{
    private readonly SmallFiles _files = new(Path.Combine(Path.GetFullPath(folder), "references"), location);
    private readonly ConcurrentDictionary<ModelReference, int> _kept = new();

    /// <summary>The version; null when the name was never served here.</summary>
    public int? Find(ModelReference reference)
    {
        if (_files.Read($"{reference}", most: 10) is not { } bytes)
            return null;
        if (!Utf8Parser.TryParse(bytes, out int version, out var read) || read != bytes.Length || version < 1)
            return null;
        _kept[reference] = version;
        return version;
    }

    /// <summary>Forgets a name that stands for nothing any more.</summary>
    public void Remove(ModelReference reference)
    {
        _kept.TryRemove(reference, out _);
        _files.Remove($"{reference}");
    }

    /// <summary>Keeps what <paramref name="reference"/> stands for now.</summary>
    public void Keep(ModelReference reference, int version)
    {
        if (_kept.TryGetValue(reference, out var known) && known == version)
            return;
        if (_files.TryWrite($"{reference}", Encoding.ASCII.GetBytes(version.ToString(CultureInfo.InvariantCulture))))
            _kept[reference] = version;
    }
}
