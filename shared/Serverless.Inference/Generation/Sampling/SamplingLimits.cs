using Serverless.Contracts.Errors;

namespace Serverless.Inference.Generation.Sampling;

/// <summary>What the fields of <see cref="SamplingOptions"/> may be.</summary>
internal static class SamplingLimits
{
    /// <summary>Bounds the work of every step.</summary>
    public const int MaxBiasEntries = 1024;

    public static void Check(SamplingOptions options, int vocabularySize)
    {
        Require(options.Temperature is >= 0 and <= 2, "temperature", options.Temperature, "from 0 to 2");
        Require(options.TopP is >= 0 and <= 1, "top_p", options.TopP, "from 0 to 1");
        Require(options.TopK >= 0, "top_k", options.TopK, "0 (all tokens) or more");
        Require(options.MinP is >= 0 and <= 1, "min_p", options.MinP, "from 0 to 1");
        Require(options.RepetitionPenalty is > 0 and <= 10, "repetition_penalty", options.RepetitionPenalty, "above 0 and at most 10");
        Require(options.FrequencyPenalty is >= -2 and <= 2, "frequency_penalty", options.FrequencyPenalty, "from -2 to 2");
        Require(options.PresencePenalty is >= -2 and <= 2, "presence_penalty", options.PresencePenalty, "from -2 to 2");
        CheckBias(options.LogitBias, vocabularySize);
    }

    private static void CheckBias(IReadOnlyDictionary<int, float> biases, int vocabularySize)
    {
        if (biases.Count > MaxBiasEntries)
            throw Invalid("logit_bias", FormattableString.Invariant($"has {biases.Count} entries; at most {MaxBiasEntries} are allowed."));
        foreach (var (token, bias) in biases)
        {
            if (token < 0 || token >= vocabularySize)
            {
                throw Invalid(
                    "logit_bias",
                    FormattableString.Invariant($"names token {token}; the model's tokens are 0 to {vocabularySize - 1}."));
            }

            if (bias is not (>= -100 and <= 100))
                throw Invalid("logit_bias", FormattableString.Invariant($"of token {token} is {bias}; it must be from -100 to 100."));
        }
    }

    private static void Require(bool holds, string field, float value, string allowed)
    {
        if (!holds)
            throw Invalid(field, FormattableString.Invariant($"is {value}; it must be {allowed}."));
    }

    private static InferenceException Invalid(string field, string fault) =>
        new(ErrorKind.InvalidRequest, $"{field} {fault}", field);
}
