using System.Text.Json.Nodes;
using Google.Protobuf;
using Onnx;
using Serverless.Inference.Onnx;
using Serverless.Inference.Onnx.Preparation;
using Serverless.Inference.Onnx.Preparation.Decoders;
using Serverless.Inference.Tensors;
using Serverless.Models.Manifest;
using Serverless.SampleModels.Decoders;
using Serverless.TestKit;

namespace Serverless.Inference.Tests.Onnx.Preparation.Decoders;

public sealed class DecoderPreparationTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Graph => _folder.File(DecoderBuilder.GraphFile);

    [Theory]
    [InlineData(DecoderKind.GroupQuery, false)]
    [InlineData(DecoderKind.GroupQuery, true)]
    [InlineData(DecoderKind.Optimum, false)]
    [InlineData(DecoderKind.Optimum, true)]
    public async Task Run_Decoder_IsDescribedCutAndProved(DecoderKind kind, bool half)
    {
        Write(DecoderShape.Tiny with { Kind = kind, Half = half });

        using var prepared = await PrepareAsync(maxBatch: 8);

        var decoder = Assert.IsType<DecoderRecord>(prepared.Decoder);
        Assert.Equal(
            (kind == DecoderKind.GroupQuery, 2, 2, 16, half, 256, 320, true),
            (decoder.SharesPast, decoder.Layers, decoder.KeyValueHeads, decoder.HeadSize, decoder.HalfPrecision, decoder.ContextLength,
                decoder.LogitsSize, decoder.LastLogitsOnly));
        Assert.Equal([ByteTokenizer.EndOfText, ByteTokenizer.MessageEnd], decoder.EndTokens);
        Assert.Equal(ByteTokenizer.EndOfText, decoder.BeginToken);
        Assert.Equal([-1, 1, 320], prepared.Signature.Outputs.First(output => output.Name == "logits").Shape);
        Assert.Equal((8, ""), (prepared.Batching.MaxBatch, prepared.Batching.MaxBatch == 8 ? "" : prepared.Batching.Reason));
        Assert.InRange(prepared.Batching.Tolerance, 0, half ? 2e-2 : 1e-5);
        var operators = ModelProto.Parser.ParseFrom(await File.ReadAllBytesAsync(prepared.GraphFile, Token)).Graph.Node
            .Count(node => node.OpType == "GroupQueryAttention");
        Assert.Equal(kind == DecoderKind.GroupQuery ? 2 : 0, operators);
    }

    [Fact]
    public async Task ToDraft_OfADecoder_TakesTheFilesAboutTextAlong()
    {
        Write(DecoderShape.Tiny);
        await File.WriteAllTextAsync(_folder.File("chat_template.jinja"), "{{ messages }}", Token);
        await File.WriteAllTextAsync(_folder.File("secret.json"), "{}", Token);

        using var prepared = await PrepareAsync();
        var draft = prepared.ToDraft("tiny", []);

        Assert.Equal(
            ["chat_template.jinja", "config.json", "genai_config.json", "generation_config.json", "tokenizer.json", "tokenizer_config.json"],
            draft.Files.Keys.Order());
        Assert.Equal((ModelTasks.TextGeneration, prepared.Decoder), (draft.Task, draft.Decoder));
    }

    [Fact]
    public async Task Run_GraphInAFolderCalledOnnx_FindsTheFilesAbove()
    {
        Write(DecoderShape.Tiny);
        Directory.CreateDirectory(_folder.File("onnx"));
        File.Move(Graph, _folder.File("onnx/model.onnx"));
        File.Delete(_folder.File("genai_config.json"));

        using var prepared = await PrepareAsync(DecoderFiles.FindGraph(_folder.Path));

        Assert.Equal(256, prepared.Decoder!.ContextLength);
    }

    [Fact]
    public async Task Run_HeadThatIsAnInput_LeavesLogitsOfEveryPosition()
    {
        Write(DecoderShape.Tiny);
        Change(model => model.Graph.Node.Single(node => node.Output[0] == "logits").OpType = "Einsum");
        Change(model => model.Graph.Node.Single(node => node.Output[0] == "logits").Attribute.Add(new AttributeProto
        {
            Name = "equation",
            Type = AttributeProto.Types.AttributeType.String,
            S = ByteString.CopyFromUtf8("bsh,hv->bsv"),
        }));

        using var prepared = await PrepareAsync(maxBatch: 4);

        Assert.False(prepared.Decoder!.LastLogitsOnly);
        Assert.Equal(4, prepared.Batching.MaxBatch);
    }

    [Theory]
    [InlineData("attention_mask", "use_cache_branch", "two decoders merged into one")]
    [InlineData("attention_mask", "encoder_attention_mask", "belongs to an encoder and decoder together")]
    [InlineData("past_key_values.0.key", "past_key_values.0.decoder.key", "belongs to an encoder and decoder together")]
    [InlineData("position_ids", "beam_widths", "its input beam_widths is not known")]
    [InlineData("past_key_values.1.value", "past_key_values.2.value", "past_key_values.1.value must be FP32 or FP16")]
    [InlineData("attention_mask", "position_ids_2", "its input position_ids_2 is not known")]
    public async Task Run_InputsOfAnotherArchitecture_AreRefusedByName(string name, string other, string why)
    {
        Write(DecoderShape.Tiny with { Kind = DecoderKind.Optimum });
        Change(model => Rename(model, name, other));

        var error = await Assert.ThrowsAsync<ModelRefusedException>(() => PrepareAsync());

        Assert.Contains(why, error.Message, StringComparison.Ordinal);
        Assert.Contains("text generation takes decoders with the inputs input_ids", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_GraphWithoutPastAsADecoder_IsRefused()
    {
        Write(DecoderShape.Tiny);
        var path = TestKit.Onnx.OnnxGraphs.Scale(2).WriteTo(_folder.File("scale.onnx"));

        var error = await Assert.ThrowsAsync<ModelRefusedException>(() => PrepareAsync(path, task: ModelTasks.TextGeneration));

        Assert.Contains("its input x is not known", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_WithoutATokenizer_IsRefusedAndSaysHowToServeItOtherwise()
    {
        Write(DecoderShape.Tiny);
        File.Delete(_folder.File("tokenizer.json"));

        var error = await Assert.ThrowsAsync<ModelRefusedException>(() => PrepareAsync());

        Assert.Contains("there is no tokenizer.json beside it", error.Message, StringComparison.Ordinal);
        Assert.Contains("generic", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_TokenizerThatCannotBeRead_IsRefusedNamingIt()
    {
        Write(DecoderShape.Tiny);
        await File.WriteAllTextAsync(_folder.File("tokenizer.json"), "{}", Token);

        var error = await Assert.ThrowsAsync<ModelRefusedException>(() => PrepareAsync());

        Assert.Contains("tokenizer.json", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("genai_config.json", "model.decoder.inputs.past_key_names", "\"past_%d.key\"", "calls 'past_key_names' of the decoder's inputs 'past_%d.key'")]
    [InlineData("genai_config.json", "model.decoder.inputs.cache_indirection", "\"x\"", "has 'cache_indirection' among the decoder's inputs")]
    [InlineData("genai_config.json", "model.encoder", "{}", "has the part 'encoder'")]
    [InlineData("generation_config.json", "eos_token_id", "320", "end token 320 is outside the vocabulary of 320")]
    [InlineData("generation_config.json", "eos_token_id", "[1, \"s\"]", "has a token that is not a whole number: \"s\"")]
    public async Task Run_ConfigurationThatCannotBe_IsRefusedByName(string file, string path, string value, string why)
    {
        Write(DecoderShape.Tiny);
        Set(file, path, value);

        var error = await Assert.ThrowsAsync<ModelRefusedException>(() => PrepareAsync());

        Assert.Contains(why, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"eos_token_id\": 7", "", new[] { 7 })]
    [InlineData("\"eos_token_id\": [7, 9, 7]", "", new[] { 7, 9 })]
    [InlineData("\"eos_token_id\": null", "\"eos_token_id\": 3", new[] { 3 })]
    [InlineData("", "", new int[0])]
    public async Task Run_EndTokens_AreTheFirstThatAFileNames(string generation, string configuration, int[] expected)
    {
        Write(DecoderShape.Tiny);
        File.Delete(_folder.File("genai_config.json"));
        await File.WriteAllTextAsync(_folder.File("generation_config.json"), $"{{{generation}}}", Token);
        await File.WriteAllTextAsync(_folder.File("config.json"), $"{{{configuration}}}", Token);

        using var prepared = await PrepareAsync();

        Assert.Equal(expected, prepared.Decoder!.EndTokens);
        // From the rotary table: nothing else says.
        Assert.Equal(256, prepared.Decoder.ContextLength);
    }

    [Fact]
    public async Task Run_MaskThatIsNotHeeded_TakesNoStreamsTogether()
    {
        Write(DecoderShape.Tiny with { Kind = DecoderKind.Optimum });
        // Every key is seen, whatever the mask says: right for a stream alone, wrong beside a longer one.
        Change(model => model.Graph.Node.Single(node => node.Output[0] == "mask/seen").Input[1] = "mask/causal");

        using var prepared = await PrepareAsync(maxBatch: 4);

        Assert.Equal(1, prepared.Batching.MaxBatch);
        Assert.Contains("Of 4 streams together, a logit is", prepared.Batching.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Cut_OfAPrompt_GivesTheLastLogitsOfTheOriginal()
    {
        Write(DecoderShape.Tiny);
        var cut = LastPosition.TryCut(OnnxFile.Parse(Graph));
        File.WriteAllBytes(_folder.File("cut.onnx"), cut!.ToByteArray());
        using var original = OnnxSession.Open(Graph, ExecutionProvider.Cpu);
        using var session = OnnxSession.Open(_folder.File("cut.onnx"), ExecutionProvider.Cpu);

        using var wanted = Prompt(original);
        using var found = Prompt(session);

        Assert.Equal([1, 9, 320], wanted.Shape);
        Assert.Equal([1, 1, 320], found.Shape);
        Assert.Equal(wanted.Data[^(320 * 4)..].ToArray(), found.Data.ToArray());
    }

    public void Dispose() => _folder.Dispose();

    private static Tensor Prompt(OnnxSession session)
    {
        var past = Enumerable.Range(0, 2).SelectMany(DecoderInterface.PartsOf)
            .Select(part => Engine.Fp32($"past_key_values.{part}", [1, 2, 0, 16]));
        var ids = Engine.Int64("input_ids", [1, 9], [.. Enumerable.Range(60, 9)]);
        return session.Run([ids, Engine.Int64("attention_mask", [1, 9], [.. Enumerable.Repeat(1L, 9)]), .. past], ["logits"], Token)[0];
    }

    private static void Rename(ModelProto model, string name, string other)
    {
        model.Graph.Input.Single(input => input.Name == name).Name = other;
        foreach (var node in model.Graph.Node)
        {
            for (var i = 0; i < node.Input.Count; i++)
                node.Input[i] = node.Input[i] == name ? other : node.Input[i];
        }
    }

    private Task<PreparedGraph> PrepareAsync(string? graph = null, string? task = null, int maxBatch = 1) =>
        GraphPreparation.RunAsync(graph ?? Graph, new PreparationOptions { Task = task, MaxBatch = maxBatch }, null, Token);

    private void Write(DecoderShape shape) => DecoderBuilder.WriteRandom(_folder.Path, shape);

    private void Change(Action<ModelProto> change)
    {
        var model = OnnxFile.Parse(Graph);
        change(model);
        File.WriteAllBytes(Graph, model.ToByteArray());
    }

    private void Set(string file, string path, string value)
    {
        var root = JsonNode.Parse(File.ReadAllText(_folder.File(file)))!;
        var names = path.Split('.');
        var parent = names[..^1].Aggregate(root, (node, name) => node[name]!);
        parent[names[^1]] = JsonNode.Parse(value);
        File.WriteAllText(_folder.File(file), root.ToJsonString());
    }
}
