using System.Text.Json;
using System.Text.Json.Nodes;

namespace Serverless.SampleModels.Decoders;

/// <summary>Writes what goes beside a decoder's graph: for ONNX Runtime GenAI and in Hugging Face's layout.</summary>
internal static class DecoderConfiguration
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    public static void Write(string folder, DecoderShape shape, DecoderTokens tokens)
    {
        Save(folder, "genai_config.json", GenAi(shape, tokens));
        Save(folder, "config.json", Config(shape, tokens));
        Save(folder, "generation_config.json", new JsonObject
        {
            ["bos_token_id"] = tokens.Begin,
            ["eos_token_id"] = End(tokens),
            ["pad_token_id"] = tokens.End[0],
        });
    }

    public static void Save(string folder, string name, JsonObject content) =>
        File.WriteAllText(Path.Combine(folder, name), content.ToJsonString(Indented));

    private static JsonNode End(DecoderTokens tokens) =>
        tokens.End.Count == 1 ? tokens.End[0] : new JsonArray([.. tokens.End.Select(token => (JsonNode)token)]);

    private static JsonObject GenAi(DecoderShape shape, DecoderTokens tokens) => new()
    {
        ["model"] = new JsonObject
        {
            ["bos_token_id"] = tokens.Begin,
            ["context_length"] = shape.Context,
            ["decoder"] = GenAiDecoder(shape),
            ["eos_token_id"] = End(tokens),
            ["pad_token_id"] = tokens.End[0],
            ["type"] = "llama",
            ["vocab_size"] = shape.Vocabulary,
        },
        ["search"] = new JsonObject
        {
            ["do_sample"] = false,
            ["max_length"] = shape.Context,
            ["min_length"] = 0,
            ["num_beams"] = 1,
            ["num_return_sequences"] = 1,
            ["past_present_share_buffer"] = shape.Kind == DecoderKind.GroupQuery,
        },
    };

    private static JsonObject GenAiDecoder(DecoderShape shape)
    {
        var inputs = new JsonObject
        {
            ["input_ids"] = "input_ids",
            ["attention_mask"] = "attention_mask",
            ["past_key_names"] = "past_key_values.%d.key",
            ["past_value_names"] = "past_key_values.%d.value",
        };
        if (shape.Kind == DecoderKind.Optimum)
            inputs["position_ids"] = "position_ids";
        return new JsonObject
        {
            ["session_options"] = new JsonObject { ["provider_options"] = new JsonArray() },
            ["filename"] = DecoderBuilder.GraphFile,
            ["head_size"] = shape.HeadSize,
            ["hidden_size"] = shape.Hidden,
            ["inputs"] = inputs,
            ["outputs"] = new JsonObject
            {
                ["logits"] = "logits",
                ["present_key_names"] = "present.%d.key",
                ["present_value_names"] = "present.%d.value",
            },
            ["num_attention_heads"] = shape.Heads,
            ["num_hidden_layers"] = shape.Layers,
            ["num_key_value_heads"] = shape.KeyValueHeads,
        };
    }

    private static JsonObject Config(DecoderShape shape, DecoderTokens tokens) => new()
    {
        ["architectures"] = new JsonArray("LlamaForCausalLM"),
        ["model_type"] = "llama",
        ["bos_token_id"] = tokens.Begin,
        ["eos_token_id"] = End(tokens),
        ["hidden_act"] = "silu",
        ["hidden_size"] = shape.Hidden,
        ["intermediate_size"] = shape.Intermediate,
        ["max_position_embeddings"] = shape.Context,
        ["num_attention_heads"] = shape.Heads,
        ["num_hidden_layers"] = shape.Layers,
        ["num_key_value_heads"] = shape.KeyValueHeads,
        ["head_dim"] = shape.HeadSize,
        ["rms_norm_eps"] = shape.Epsilon,
        ["rope_theta"] = shape.RotaryBase,
        ["tie_word_embeddings"] = shape.Tied,
        ["vocab_size"] = shape.Vocabulary,
    };
}
