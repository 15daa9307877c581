using System.Text.Json;
using Serverless.Worker.Json;

namespace Serverless.Worker.Generation.Parameters;

/// <summary>The parameters that every endpoint for text takes, with their bounds.</summary>
internal static class SharedParameters
{
    /// <summary>The most continuations of a request, those of all its prompts together.</summary>
    public const int MaxChoices = 128;

    private const int MaxStops = 4;
    private const int MaxStopLength = 256;
    private const int MaxBiases = 1024;

    public static IReadOnlyDictionary<string, ParameterReader<GenerationDraft>> Readers { get; } =
        new Dictionary<string, ParameterReader<GenerationDraft>>
        {
            ["max_tokens"] = static (ref reader, name, draft) => draft.MaxTokens = JsonNumbers.Whole(ref reader, name, 0, int.MaxValue),
            ["temperature"] = static (ref reader, name, draft) =>
                draft.Sampling = draft.Sampling with { Temperature = JsonNumbers.Real(ref reader, name, 0, 2) },
            ["top_p"] = static (ref reader, name, draft) =>
                draft.Sampling = draft.Sampling with { TopP = JsonNumbers.Real(ref reader, name, 0, 1) },
            // -1 is vLLM's word for "all", which is 0 here.
            ["top_k"] = static (ref reader, name, draft) =>
                draft.Sampling = draft.Sampling with { TopK = Math.Max(0, JsonNumbers.Whole(ref reader, name, -1, int.MaxValue)) },
            ["min_p"] = static (ref reader, name, draft) =>
                draft.Sampling = draft.Sampling with { MinP = JsonNumbers.Real(ref reader, name, 0, 1) },
            ["repetition_penalty"] = static (ref reader, name, draft) =>
                draft.Sampling = draft.Sampling with { RepetitionPenalty = JsonNumbers.Real(ref reader, name, 0.01f, 10) },
            ["frequency_penalty"] = static (ref reader, name, draft) =>
                draft.Sampling = draft.Sampling with { FrequencyPenalty = JsonNumbers.Real(ref reader, name, -2, 2) },
            ["presence_penalty"] = static (ref reader, name, draft) =>
                draft.Sampling = draft.Sampling with { PresencePenalty = JsonNumbers.Real(ref reader, name, -2, 2) },
            ["logit_bias"] = static (ref reader, name, draft) =>
                draft.Sampling = draft.Sampling with { LogitBias = ReadBias(ref reader, name) },
            ["seed"] = static (ref reader, name, draft) => draft.Sampling = draft.Sampling with { Seed = JsonNumbers.Whole(ref reader, name) },
            ["stop"] = static (ref reader, name, draft) => draft.Stop = ReadStop(ref reader, name),
            ["ignore_eos"] = static (ref reader, name, draft) => draft.IgnoreEos = JsonNumbers.Boolean(ref reader, name),
        };

    private static List<string> ReadStop(ref Utf8JsonReader reader, string name)
    {
        if (reader.TokenType == JsonTokenType.String)
            return [ReadOneStop(ref reader, name)];
        if (reader.TokenType != JsonTokenType.StartArray)
            throw JsonValues.Invalid($"{name} must be a string or an array of strings, not {JsonValues.Describe(reader.TokenType)}.", name);
        var stops = new List<string>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (stops.Count == MaxStops)
                throw JsonValues.Invalid($"{name} holds more than {MaxStops} texts.", name);
            stops.Add(ReadOneStop(ref reader, $"{name}[{stops.Count}]"));
        }

        return stops;
    }

    private static string ReadOneStop(ref Utf8JsonReader reader, string where) =>
        JsonValues.String(ref reader, where) is { Length: > 0 and <= MaxStopLength } stop
            ? stop
            : throw JsonValues.Invalid($"{where} must have 1 to {MaxStopLength} characters.", where);

    private static Dictionary<int, float> ReadBias(ref Utf8JsonReader reader, string name)
    {
        JsonValues.Expect(ref reader, JsonTokenType.StartObject, name);
        var biases = new Dictionary<int, float>();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (!int.TryParse(JsonValues.PropertyName(ref reader), out var token) || token < 0)
                throw JsonValues.Invalid($"{name} must have token ids as its names: whole numbers from 0 on.", name);
            if (biases.Count == MaxBiases)
                throw JsonValues.Invalid($"{name} holds more than {MaxBiases} tokens.", name);
            reader.Read();
            biases[token] = JsonNumbers.Real(ref reader, $"{name}.{token}", -100, 100);
        }

        return biases;
    }
}
