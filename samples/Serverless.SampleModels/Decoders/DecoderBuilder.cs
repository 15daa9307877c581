using Google.Protobuf;

namespace Serverless.SampleModels.Decoders;

/// <summary>Writes decoders of any size as ONNX, as packages that this platform and ONNX Runtime GenAI serve.</summary>
public static class DecoderBuilder
{
    /// <summary>The graph's file name. Weights above 32 MB in all lie beside it in <c>model.onnx.data</c>.</summary>
    public const string GraphFile = "model.onnx";

    /// <summary>Writes a decoder of random weights with a tokenizer of bytes that serves texts and conversations.</summary>
    /// <returns>The graph's path.</returns>
    public static string WriteRandom(string folder, DecoderShape shape, int seed = 1)
    {
        ArgumentNullException.ThrowIfNull(shape);
        var path = Write(folder, shape, RandomWeights.Of(seed), ByteTokenizer.Tokens);
        ByteTokenizer.Write(folder, shape.Vocabulary, shape.Context);
        return path;
    }

    /// <summary>
    /// Writes <c>model.onnx</c>, <c>config.json</c>, <c>generation_config.json</c> and <c>genai_config.json</c>; the tokenizer's files are
    /// the caller's.
    /// </summary>
    /// <returns>The graph's path.</returns>
    public static string Write(string folder, DecoderShape shape, WeightSource weights, DecoderTokens tokens)
    {
        ArgumentNullException.ThrowIfNull(shape);
        ArgumentNullException.ThrowIfNull(weights);
        ArgumentNullException.ThrowIfNull(tokens);
        if (shape.Heads % shape.KeyValueHeads != 0 || shape.HeadSize % 2 != 0)
            throw new ArgumentException("Key-value heads must divide the heads, and a head's size must be even.", nameof(shape));
        Directory.CreateDirectory(folder);
        var path = Path.Combine(folder, GraphFile);
        using (var file = new WeightFile(folder, shape))
        using (var graph = File.Create(path))
            DecoderGraph.Write(shape, weights, file).WriteTo(graph);
        DecoderConfiguration.Write(folder, shape, tokens);
        return path;
    }
}
