using System.Collections.Frozen;
using System.Text.Json;
using Serverless.Contracts.Errors;
using Serverless.Worker.Json;

namespace Serverless.Worker.Generation.Parameters;

/// <summary>
/// The parameters that an endpoint takes. A name that is not among them is refused: a misspelt one would otherwise change answers silently.
/// </summary>
internal sealed class ParameterTable<T>
    where T : GenerationDraft
{
    private const int LongestName = 64;

    private readonly FrozenDictionary<string, ParameterReader<T>> _readers;

    /// <param name="own">Parameters of this endpoint, besides those of <see cref="SharedParameters"/>.</param>
    /// <param name="ignored">Names that the API documents and that change nothing here.</param>
    /// <param name="refused">Names that the API documents and that are not offered, with what to say.</param>
    public ParameterTable(
        Dictionary<string, ParameterReader<T>> own, IReadOnlyList<string> ignored, IReadOnlyDictionary<string, string> refused)
    {
        var readers = SharedParameters.Readers.ToDictionary(pair => pair.Key, pair => (ParameterReader<T>)pair.Value);
        foreach (var (name, reader) in own)
            readers[name] = reader;
        foreach (var name in ignored)
            readers[name] = static (ref reader, _, _) => reader.Skip();
        foreach (var (name, reason) in refused)
            readers[name] = (ref _, _, _) => throw JsonValues.Invalid($"{name} is not supported: {reason}.", name);
        _readers = readers.ToFrozenDictionary(StringComparer.Ordinal);
    }

    /// <summary>Reads one property of the body. A null is the default of any parameter.</summary>
    /// <exception cref="InferenceException">It is not known, or its value is not what it may be.</exception>
    public bool Read(ref Utf8JsonReader reader, string property, T draft)
    {
        if (!_readers.TryGetValue(property, out var read))
            throw JsonValues.Invalid($"Unrecognized request argument supplied: {Shorten(property)}.", Shorten(property));
        if (reader.TokenType != JsonTokenType.Null)
            read(ref reader, property, draft);
        return true;
    }

    private static string Shorten(string name) =>
        string.Concat((name.Length <= LongestName ? name : name[..LongestName] + "…").Where(letter => !char.IsControl(letter)));
}
