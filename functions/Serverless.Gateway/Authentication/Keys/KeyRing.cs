using System.Collections.Frozen;
using Azure;
using Serverless.Contracts.Errors;
using Serverless.Trust;

namespace Serverless.Gateway.Authentication.Keys;

/// <summary>
/// The keys of the table, as this process knows them. It holds them all: a stranger's guess costs no reading of storage, only one a second in
/// all, lest a key that was made a moment ago elsewhere is refused.
/// </summary>
internal sealed class KeyRing(KeyTable table, TimeProvider time)
{
    /// <summary>How long a revoked key may still be taken at most.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly Snapshot<FrozenDictionary<KeyHash, Entry>> _keys = new(token => ReadAsync(table, token), Lifetime, Pause, time);

    /// <summary>The caller whose valid key has this hash, or null.</summary>
    public async ValueTask<Caller?> FindAsync(KeyHash hash)
    {
        var keys = await _keys.GetAsync();
        if (!keys.TryGetValue(hash, out var entry) && !(await _keys.GetNewerAsync()).TryGetValue(hash, out entry))
            return null;
        return entry.Hash.Matches(hash) && entry.Key.IsValidAt(time.GetUtcNow()) ? entry.Caller : null;
    }

    /// <summary>A key was made, changed or revoked here: the next request sees it.</summary>
    public void Invalidate() => _keys.Invalidate();

    private static async Task<FrozenDictionary<KeyHash, Entry>> ReadAsync(KeyTable table, CancellationToken cancellationToken)
    {
        try
        {
            return (await table.ListAsync(cancellationToken))
                .Where(key => key.RevokedAt is null)
                .Select(key => new Entry(KeyHash.Parse(key.RowKey), key, key.ToCaller()))
                .ToFrozenDictionary(entry => entry.Hash);
        }
        catch (Exception exception) when (exception is RequestFailedException or AggregateException)
        {
            // Nobody is let in by keys that may have been revoked, but whoever asks again may be.
            throw new InferenceException(
                ErrorKind.ModelUnavailable, "Keys cannot be checked at the moment; send the request again.", inner: exception);
        }
    }

    private sealed record Entry(KeyHash Hash, ApiKeyRow Key, Caller Caller);
}
