using System.Text.Json;
using Serverless.Contracts.Jobs;

namespace Serverless.Gateway.Batches.Validation;

/// <summary>The few fields of a request's body that shards are cut by; whether the rest is right, the engine says.</summary>
/// <param name="Model">Its <c>model</c>, or null.</param>
/// <param name="Inputs">How many inputs an embeddings request has.</param>
/// <param name="MaxTokens">Tokens of each text that it may generate, or null when it does not say.</param>
/// <param name="Texts">How many texts it asks for: prompts times <c>n</c>.</param>
internal readonly record struct RequestBody(string? Model, int Inputs, int? MaxTokens, int Texts)
{
    // What the engine lets a request ask for.
    private const int MaxTexts = 128;

    public static RequestBody Read(ref Utf8JsonReader json)
    {
        json.Read();
        if (json.TokenType != JsonTokenType.StartObject)
            throw new LineException(BatchErrorCodes.InvalidRequest, "'body' must be a JSON object.", "body");
        string? model = null;
        var inputs = 0;
        int? maxTokens = null;
        var (prompts, choices) = (1, 1);
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (json.ValueTextEquals("model"u8))
                model = ReadModel(ref json);
            else if (json.ValueTextEquals("input"u8))
                inputs = CountInputs(ref json);
            else if (json.ValueTextEquals("prompt"u8))
                prompts = CountInputs(ref json);
            else if (json.ValueTextEquals("n"u8))
                choices = ReadNumber(ref json) ?? choices;
            else if (json.ValueTextEquals("max_tokens"u8) || json.ValueTextEquals("max_completion_tokens"u8))
                maxTokens = ReadNumber(ref json) ?? maxTokens;
            else
                json.Skip();
        }

        return new RequestBody(model, inputs, maxTokens, (int)Math.Clamp((long)prompts * choices, 1, MaxTexts));
    }

    private static string ReadModel(ref Utf8JsonReader json)
    {
        json.Read();
        return json.TokenType == JsonTokenType.String && json.ValueSpan.Length <= 256
            ? json.GetString()!
            : throw new LineException(BatchErrorCodes.InvalidRequest, "'body.model' must be a string of up to 256 bytes.", "body.model");
    }

    /// <summary>An array of strings or of arrays is that many inputs; a string or an array of tokens is one.</summary>
    private static int CountInputs(ref Utf8JsonReader json)
    {
        json.Read();
        if (json.TokenType != JsonTokenType.StartArray)
        {
            json.Skip();
            return 1;
        }

        var count = 0;
        var tokens = false;
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            tokens |= json.TokenType == JsonTokenType.Number;
            count++;
            json.Skip();
        }

        return tokens ? 1 : count;
    }

    private static int? ReadNumber(ref Utf8JsonReader json)
    {
        json.Read();
        if (json.TokenType == JsonTokenType.Number && json.TryGetInt32(out var value) && value >= 0)
            return value;
        json.Skip();
        return null;
    }
}
