using Microsoft.ML.OnnxRuntime;
using Serverless.Inference.Onnx;
using Serverless.SampleModels.Decoders;

namespace Serverless.Inference.Tests.Samples;

/// <summary>One stream through a decoder with nothing but ONNX Runtime: what the platform's answers are compared with.</summary>
internal sealed class DecoderRun : IDisposable
{
    private readonly DecoderShape _shape;
    private readonly InferenceSession _session;
    private readonly List<OrtValue> _cache = [];
    private int _past;

    public DecoderRun(string graph, DecoderShape shape)
    {
        _shape = shape;
        // The first session of a process decides about its threads.
        OnnxRuntimeLibrary.EnsureStarted();
        _session = new InferenceSession(graph);
        for (var i = 0; i < 2 * shape.Layers; i++)
            _cache.Add(Empty());
    }

    /// <summary>Logits of each of <paramref name="tokens"/>, which follow those of earlier calls.</summary>
    public float[][] Next(params long[] tokens)
    {
        var total = _past + tokens.Length;
        using var ids = OrtValue.CreateTensorValueFromMemory(tokens, [1, tokens.Length]);
        using var mask = OrtValue.CreateTensorValueFromMemory(Enumerable.Repeat(1L, total).ToArray(), [1, total]);
        using var positions = OrtValue.CreateTensorValueFromMemory(
            Enumerable.Range(_past, tokens.Length).Select(position => (long)position).ToArray(), [1, tokens.Length]);
        var inputs = new Dictionary<string, OrtValue> { ["input_ids"] = ids, ["attention_mask"] = mask };
        if (_session.InputNames.Contains("position_ids"))
            inputs["position_ids"] = positions;
        for (var i = 0; i < _cache.Count; i++)
            inputs[$"past_key_values.{Part(i)}"] = _cache[i];
        using var options = new RunOptions();
        var outputs = _session.Run(options, inputs, [.. Enumerable.Range(0, _cache.Count).Select(i => $"present.{Part(i)}").Prepend("logits")]);
        _past = total;
        for (var i = 0; i < _cache.Count; i++)
        {
            _cache[i].Dispose();
            _cache[i] = outputs[i + 1];
        }

        using var logits = outputs[0];
        return [.. Numbers(logits).Chunk(_shape.Vocabulary)];
    }

    public void Dispose()
    {
        _cache.ForEach(value => value.Dispose());
        _session.Dispose();
    }

    private static string Part(int index) => $"{index / 2}.{(index % 2 == 0 ? "key" : "value")}";

    private float[] Numbers(OrtValue logits) => _shape.Half
        ? [.. logits.GetTensorDataAsSpan<Float16>().ToArray().Select(value => value.ToFloat())]
        : logits.GetTensorDataAsSpan<float>().ToArray();

    private OrtValue Empty()
    {
        long[] dimensions = [1, _shape.KeyValueHeads, 0, _shape.HeadSize];
        return _shape.Half
            ? OrtValue.CreateTensorValueFromMemory(Array.Empty<Float16>(), dimensions)
            : OrtValue.CreateTensorValueFromMemory(Array.Empty<float>(), dimensions);
    }
}
