using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;
using Serverless.Contracts.Errors;
using Serverless.Inference.Generation.Constraints.Vocabulary;
using Serverless.Inference.Generation.Text;

namespace Serverless.Inference.Generation.Constraints;

/// <summary>
/// The constraints of one model by their schemas, the least recently used first to go; callers tend to send the same few again and again.
/// The vocabulary is sorted out when the first is asked for. Safe for any number of threads.
/// </summary>
/// <param name="tokenizer">The model's.</param>
/// <param name="size">How many logits the model gives.</param>
/// <param name="endTokens">Ids that end a text.</param>
/// <param name="capacity">How many are kept; each grows to some 4 MB with use.</param>
internal sealed class ConstraintCache(ITextTokenizer tokenizer, int size, IReadOnlyList<int> endTokens, int capacity = 32)
{
    private readonly Lock _gate = new();
    private readonly Lazy<TokenVocabulary> _vocabulary = new(() => new TokenVocabulary(tokenizer, size, endTokens));
    private readonly OrderedDictionary<(UInt128 High, UInt128 Low), TokenConstraint> _constraints = [];

    /// <summary>A constraint to JSON that <paramref name="schema"/> describes; null for any JSON object.</summary>
    /// <exception cref="InferenceException">As <see cref="ConstraintCompiler.Compile"/>.</exception>
    public TokenConstraint Get(JsonElement? schema)
    {
        var key = schema is { } given ? KeyOf(given) : default;
        if (Find(key) is { } known)
            return known;

        // Outside of the lock: two callers at once compile twice, and nobody waits for another's schema.
        var constraint = ConstraintCompiler.Compile(schema, _vocabulary.Value);
        lock (_gate)
        {
            _constraints[key] = constraint;
            if (_constraints.Count > capacity)
                _constraints.RemoveAt(0);
        }

        return constraint;
    }

    private TokenConstraint? Find((UInt128 High, UInt128 Low) key)
    {
        lock (_gate)
        {
            if (!_constraints.Remove(key, out var constraint))
                return null;
            _constraints.Add(key, constraint);
            return constraint;
        }
    }

    // Schemas come from strangers: a quicker hash would let one put another's constraint in place of its own.
    private static (UInt128 High, UInt128 Low) KeyOf(JsonElement schema)
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(JsonMarshal.GetRawUtf8Value(schema), digest);
        return (BinaryPrimitives.ReadUInt128LittleEndian(digest), BinaryPrimitives.ReadUInt128LittleEndian(digest[16..]));
    }
}
