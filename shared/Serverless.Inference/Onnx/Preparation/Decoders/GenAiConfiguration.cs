namespace Serverless.Inference.Onnx.Preparation.Decoders;

/// <summary>What <c>genai_config.json</c>, the configuration of ONNX Runtime GenAI, says of a decoder.</summary>
/// <param name="Graph">The graph's file name.</param>
internal sealed record GenAiConfiguration(string Graph)
{
    private static readonly Dictionary<string, string> Inputs = new(StringComparer.Ordinal)
    {
        ["input_ids"] = DecoderInterface.Ids,
        ["attention_mask"] = DecoderInterface.Mask,
        ["position_ids"] = DecoderInterface.Positions,
        ["past_key_names"] = DecoderInterface.PastPrefix + "%d.key",
        ["past_value_names"] = DecoderInterface.PastPrefix + "%d.value",
    };

    private static readonly Dictionary<string, string> Outputs = new(StringComparer.Ordinal)
    {
        ["logits"] = DecoderInterface.Logits,
        ["present_key_names"] = DecoderInterface.PresentPrefix + "%d.key",
        ["present_value_names"] = DecoderInterface.PresentPrefix + "%d.value",
    };

    /// <exception cref="ModelRefusedException">It is of something else than one decoder with the usual names.</exception>
    public static GenAiConfiguration Read(DecoderJson file)
    {
        var model = file.At("model");
        foreach (var part in (string[])["encoder", "vision", "speech", "embedding", "decoder.pipeline"])
        {
            if (model.Find(part) is not null)
                throw new ModelRefusedException($"its {file.Name} has the part '{part}', where a single decoder is supported");
        }

        Check(file.Name, "inputs", model.At("decoder.inputs"), Inputs);
        Check(file.Name, "outputs", model.At("decoder.outputs"), Outputs);
        return new GenAiConfiguration(model.Text("decoder.filename") ?? throw new ModelRefusedException(
            $"its {file.Name} names no graph: model.decoder.filename is missing"));
    }

    private static void Check(string file, string part, DecoderJson names, Dictionary<string, string> supported)
    {
        foreach (var property in names.Root.EnumerateObject())
        {
            var name = property.Value.ToString();
            if (!supported.TryGetValue(property.Name, out var expected))
            {
                throw new ModelRefusedException(
                    $"its {file} has '{property.Name}' among the decoder's {part}; known are {string.Join(", ", supported.Keys)}");
            }

            if (name != expected)
            {
                throw new ModelRefusedException(
                    $"its {file} calls '{property.Name}' of the decoder's {part} '{name}', where '{expected}' is supported");
            }
        }
    }
}
