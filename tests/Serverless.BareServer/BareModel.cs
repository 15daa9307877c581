using System.Diagnostics;
using System.Numerics.Tensors;
using FastBertTokenizer;
using Microsoft.ML.OnnxRuntime;

namespace Serverless.BareServer;

/// <summary>A sentence embedder whose graph was optimised before and whose weights the runtime maps from the file beside it.</summary>
internal sealed class BareModel
{
    private const int MaxTokens = 512;

    private readonly InferenceSession _session;
    private readonly BertTokenizer _tokenizer;

    private BareModel(InferenceSession session, BertTokenizer tokenizer, TimeSpan sessionTime)
    {
        _session = session;
        _tokenizer = tokenizer;
        SessionTime = sessionTime;
    }

    /// <summary>How long the session took, the runtime's library included.</summary>
    public TimeSpan SessionTime { get; }

    public static async Task<BareModel> OpenAsync(string graph, string vocabulary)
    {
        var tokenizer = Task.Run(() =>
        {
            var loaded = new BertTokenizer();
            using var file = new StreamReader(vocabulary);
            loaded.LoadVocabulary(file, convertInputToLowercase: true);
            return loaded;
        });
        var started = Stopwatch.GetTimestamp();
        using var options = new Microsoft.ML.OnnxRuntime.SessionOptions { GraphOptimizationLevel = GraphOptimizationLevel.ORT_DISABLE_ALL };
        var session = new InferenceSession(graph, options);
        var took = Stopwatch.GetElapsedTime(started);
        return new BareModel(session, await tokenizer, took);
    }

    public float[] Embed(string text)
    {
        var ids = new long[MaxTokens];
        var mask = new long[MaxTokens];
        var count = _tokenizer.Encode(text, ids, mask);
        using var input = Row(ids, count);
        using var attention = Row(mask, count);
        using var types = Row(new long[MaxTokens], count);
        OrtValue Value(string name) => name switch { "input_ids" => input, "attention_mask" => attention, _ => types };
        using var run = new RunOptions();
        using var results = _session.Run(run, _session.InputNames, [.. _session.InputNames.Select(Value)], _session.OutputNames);
        return Pool(results[0].GetTensorDataAsSpan<float>(), count);
    }

    private static OrtValue Row(long[] values, int count) => OrtValue.CreateTensorValueFromMemory(values[..count], [1, count]);

    private static float[] Pool(ReadOnlySpan<float> hidden, int tokens)
    {
        var size = hidden.Length / tokens;
        var sum = new float[size];
        for (var token = 0; token < tokens; token++)
            TensorPrimitives.Add(sum, hidden.Slice(token * size, size), sum);
        TensorPrimitives.Divide(sum, TensorPrimitives.Norm<float>(sum), sum);
        return sum;
    }
}
