namespace Serverless.Inference.Generation.Memory;

/// <summary>
/// Keys and values of texts that were there before, in blocks: a prompt that begins like one of them need not be computed so far. Within
/// its budget; what was not used for longest goes. Tenants do not share: how soon an answer comes would tell one what another asked.
/// </summary>
internal sealed class PrefixCache(KvShape shape, long budget) : IDisposable
{
    /// <summary>Tokens of a block: one is 0.8 MB of a model of 110M parameters, copied in a third of a millisecond.</summary>
    public const int BlockTokens = 32;

    private readonly long _blockBytes = shape.TokenBytes * BlockTokens;
    private readonly Dictionary<PrefixKey, PrefixBlock> _blocks = [];

    // The least recently used first, and every block before the one that it continues: so ends go before beginnings, without which
    // nobody would find them.
    private readonly LinkedList<PrefixBlock> _byUse = [];

    /// <summary>Whether it can keep anything.</summary>
    public bool IsOn => budget >= _blockBytes;

    /// <summary>Memory that it takes, in bytes.</summary>
    public long Bytes => _blocks.Count * _blockBytes;

    /// <summary>Blocks of the longest known beginning of a prompt, without its last token: what comes after it must be computed.</summary>
    public IReadOnlyList<KvBuffer> Find(string tenant, int[] prompt)
    {
        var found = new List<KvBuffer>();
        PrefixBlock? last = null;
        while (IsOn && (found.Count + 1) * BlockTokens < prompt.Length)
        {
            var key = new PrefixKey((object?)last ?? tenant, prompt.AsMemory(found.Count * BlockTokens, BlockTokens));
            if (!_blocks.TryGetValue(key, out var block))
                break;
            found.Add(block.Memory);
            last = block;
        }

        Use(last);
        return found;
    }

    /// <summary>Keeps the whole blocks of a text that are not known yet, as far as there is room.</summary>
    /// <param name="tenant">Whose text it is.</param>
    /// <param name="tokens">The text.</param>
    /// <param name="place">Where keys and values of its first token lie.</param>
    /// <param name="end">What storing the text's beginning returned; null at first.</param>
    public PrefixEnd? Store(string tenant, ReadOnlyMemory<int> tokens, KvPlace place, PrefixEnd? end)
    {
        // A beginning that has gone meanwhile took its text's place with it.
        if (!IsOn || end is { Block.Node: null })
            return end;
        var (last, count) = (end?.Block, end?.Count ?? 0);
        for (; (count + 1) * BlockTokens <= tokens.Length; count++)
        {
            var key = new PrefixKey((object?)last ?? tenant, tokens.Slice(count * BlockTokens, BlockTokens));
            if (!_blocks.TryGetValue(key, out var block))
            {
                Use(last);
                block = TryAdd(key, last, place.After(count * BlockTokens));
                if (block is null)
                    break;
            }

            last = block;
        }

        Use(last);
        return last is null ? null : new PrefixEnd(last, count);
    }

    public void Dispose()
    {
        while (_byUse.First is { } first)
            Evict(first.Value);
    }

    private PrefixBlock? TryAdd(PrefixKey key, PrefixBlock? before, KvPlace place)
    {
        while (Bytes + _blockBytes > budget)
        {
            if (_byUse.First!.Value == before)
                return null;
            Evict(_byUse.First.Value);
        }

        var memory = new KvBuffer(shape, 1, BlockTokens);
        KvBuffer.Copy(place, new KvPlace(memory, 0, 0), BlockTokens);
        var block = new PrefixBlock(key.Keep(), before, memory);
        block.Node = before is null ? _byUse.AddLast(block) : _byUse.AddBefore(before.Node!, block);
        _blocks.Add(block.Key, block);
        return block;
    }

    private void Use(PrefixBlock? last)
    {
        for (var block = last; block is not null; block = block.Before)
        {
            _byUse.Remove(block.Node!);
            _byUse.AddLast(block.Node!);
        }
    }

    private void Evict(PrefixBlock block)
    {
        _byUse.Remove(block.Node!);
        block.Node = null;
        _blocks.Remove(block.Key);
        block.Memory.Dispose();
    }
}
