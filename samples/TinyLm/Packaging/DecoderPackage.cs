using System.Runtime.InteropServices;
using System.Text.Json;
using Onnx;
using Serverless.SampleModels.Decoders;
using TinyLm.Network;
using TinyLm.Tokens;
using DecoderShape = TinyLm.Network.DecoderShape;
using PackageShape = Serverless.SampleModels.Decoders.DecoderShape;

namespace TinyLm.Packaging;

/// <summary>A decoder and its tokenizer as the files that servers load: an ONNX graph and Hugging Face's configuration.</summary>
internal static class DecoderPackage
{
    /// <summary>Writes the package's files into <paramref name="folder"/>.</summary>
    public static void Write(string folder, DecoderWeights weights, BytePairTokenizer tokenizer)
    {
        var shape = weights.Shape;
        var packageShape = new PackageShape
        {
            Layers = shape.Layers,
            Hidden = shape.Width,
            Heads = shape.Heads,
            KeyValueHeads = shape.KeyValueHeads,
            HeadSize = shape.HeadSize,
            Intermediate = shape.Hidden,
            Vocabulary = shape.Vocabulary,
            Context = shape.Context,
            RotaryBase = shape.RotaryBase,
            Epsilon = shape.Epsilon,
        };
        var tokens = new DecoderTokens([SpecialTokens.EndOfText, SpecialTokens.TurnEnd], SpecialTokens.EndOfText);
        DecoderBuilder.Write(folder, packageShape, (name, _) => DecoderTensors.Read(weights, name), tokens);
        TokenizerFiles.Write(folder, tokenizer, shape.Context);
    }

    /// <exception cref="InvalidDataException">The files are not such a package.</exception>
    public static (DecoderWeights Weights, BytePairTokenizer Tokenizer) Read(string folder)
    {
        try
        {
            var weights = new DecoderWeights(ReadShape(Path.Combine(folder, "config.json")));
            using var file = File.OpenRead(Path.Combine(folder, DecoderBuilder.GraphFile));
            var tensors = ModelProto.Parser.ParseFrom(file).Graph.Initializer.ToDictionary(tensor => tensor.Name);
            foreach (var name in DecoderTensors.Names(weights.Shape))
                DecoderTensors.Write(weights, name, MemoryMarshal.Cast<byte, float>(tensors[name].RawData.Span));
            return (weights, TokenizerFiles.Read(folder));
        }
        catch (Exception error) when (error is KeyNotFoundException or ArgumentException or JsonException or InvalidOperationException
            or Google.Protobuf.InvalidProtocolBufferException)
        {
            throw new InvalidDataException($"{folder} is no package of this trainer: {error.Message}", error);
        }
    }

    private static DecoderShape ReadShape(string path)
    {
        using var file = File.OpenRead(path);
        using var document = JsonDocument.Parse(file);
        int Number(string name) => document.RootElement.GetProperty(name).GetInt32();
        return new DecoderShape
        {
            Vocabulary = Number("vocab_size"),
            Layers = Number("num_hidden_layers"),
            Width = Number("hidden_size"),
            Heads = Number("num_attention_heads"),
            KeyValueHeads = Number("num_key_value_heads"),
            HeadSize = Number("head_dim"),
            Hidden = Number("intermediate_size"),
            Context = Number("max_position_embeddings"),
            RotaryBase = document.RootElement.GetProperty("rope_theta").GetSingle(),
            Epsilon = document.RootElement.GetProperty("rms_norm_eps").GetSingle(),
        };
    }
}
