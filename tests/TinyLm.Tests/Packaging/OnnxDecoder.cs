using Microsoft.ML.OnnxRuntime;
using TinyLm.Network;

namespace TinyLm.Tests.Packaging;

/// <summary>Runs a package's graph in ONNX Runtime over one sequence without a past.</summary>
internal static class OnnxDecoder
{
    public static float[] Logits(string folder, DecoderShape shape, int[] tokens)
    {
        using var session = new InferenceSession(Path.Combine(folder, "model.onnx"));
        var inputs = new Dictionary<string, OrtValue>();
        try
        {
            inputs["input_ids"] = OrtValue.CreateTensorValueFromMemory(Array.ConvertAll(tokens, token => (long)token), [1, tokens.Length]);
            long[] ones = [.. Enumerable.Repeat(1L, tokens.Length)];
            inputs["attention_mask"] = OrtValue.CreateTensorValueFromMemory(ones, [1, tokens.Length]);
            foreach (var name in session.InputNames.Where(name => name.StartsWith("past_key_values", StringComparison.Ordinal)))
                inputs[name] = OrtValue.CreateTensorValueFromMemory(Array.Empty<float>(), [1, shape.KeyValueHeads, 0, shape.HeadSize]);
            using var options = new RunOptions();
            using var outputs = session.Run(options, inputs, ["logits"]);
            return outputs[0].GetTensorDataAsSpan<float>().ToArray();
        }
        finally
        {
            foreach (var value in inputs.Values)
                value.Dispose();
        }
    }
}
