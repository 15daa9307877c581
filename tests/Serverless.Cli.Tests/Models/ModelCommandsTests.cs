using Serverless.Cli.Tests.Generation;
using Serverless.SampleModels.Decoders;
using Serverless.TestKit;
using Serverless.TestKit.Onnx;

namespace Serverless.Cli.Tests.Models;

public sealed class ModelCommandsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _graph;

    public ModelCommandsTests() => _graph = OnnxGraphs.Scale(2).WriteTo(_folder.File("model.onnx"));

    private string Store => _folder.File("store");

    [Fact]
    public async Task Push_TwoTimes_ListsAndShowsTheNewest()
    {
        var first = await PushAsync();
        var second = await PushAsync("--label", "team=vision");

        var list = await InferRun.OfAsync("model", "list", "--store", Store);
        var shown = await InferRun.OfAsync("model", "show", "scale", "--store", Store);

        Assert.Equal((0, 0), (first.ExitCode, second.ExitCode));
        Assert.Contains("Published scale:2", second.Output, StringComparison.Ordinal);
        Assert.Matches(@"scale\s+│ 2\s+│ 2", list.Output);
        Assert.Contains("scale:2 of versions 1, 2", shown.Output, StringComparison.Ordinal);
        Assert.Contains("team = vision", shown.Output, StringComparison.Ordinal);
        Assert.Matches(@"x\s+│ input\s+│ FP32\s+│ \[-1, 2\]", shown.Output);
    }

    [Fact]
    public async Task Push_FolderOfADecoder_SaysHowItGenerates()
    {
        DecoderBuilder.WriteRandom(_folder.File("decoder"), DecoderShape.Tiny);

        var pushed = await InferRun.OfAsync("model", "push", "tiny", _folder.File("decoder"), "--max-batch", "4", "--store", Store);
        var shown = await InferRun.OfAsync("model", "show", "tiny", "--store", Store);

        Assert.Equal((0, ""), (pushed.ExitCode, pushed.Errors));
        Assert.Contains("up to 256 tokens, keys and values written in place", pushed.Output, StringComparison.Ordinal);
        Assert.Contains("tokenizer.json", shown.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Push_SampleWithoutAPath_PublishesIt()
    {
        var pushed = await InferRun.OfAsync("model", "push", "tinylm", "--store", Store);

        Assert.Equal((0, ""), (pushed.ExitCode, pushed.Errors));
        Assert.Contains("up to 512 tokens", pushed.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Delete_OneVersion_LeavesTheOther()
    {
        await PushAsync();
        await PushAsync();

        var deleted = await InferRun.OfAsync("model", "delete", "scale:2", "--store", Store);
        var shown = await InferRun.OfAsync("model", "show", "scale", "--store", Store);

        Assert.Equal(0, deleted.ExitCode);
        Assert.Contains("scale:1 of versions 1", shown.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Delete_All_LeavesNothing()
    {
        await PushAsync();

        await InferRun.OfAsync("model", "delete", "scale", "--all", "--store", Store);
        var list = await InferRun.OfAsync("model", "list", "--store", Store);

        Assert.DoesNotContain("scale", list.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Alias_MovedAndRolledBack_ShowsWhereItPoints()
    {
        await PushAsync();
        await PushAsync("--label", "team=vision");

        await InferRun.OfAsync("model", "alias", "scale", "prod", "1", "--store", Store);
        var moved = await InferRun.OfAsync("model", "alias", "scale", "prod", "2", "--store", Store);
        var refused = await InferRun.OfAsync("model", "delete", "scale:2", "--store", Store);
        var back = await InferRun.OfAsync("model", "rollback", "scale", "--store", Store);
        var shown = await InferRun.OfAsync("model", "show", "scale:prod", "--store", Store);
        var list = await InferRun.OfAsync("model", "list", "--store", Store);

        Assert.Contains("scale:prod → 2, which was 1.", moved.Output, StringComparison.Ordinal);
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("move the alias first", refused.Errors, StringComparison.Ordinal);
        Assert.Contains("scale:prod → 1, which was 2.", back.Output, StringComparison.Ordinal);
        Assert.Contains("scale:1 of versions 1, 2", shown.Output, StringComparison.Ordinal);
        Assert.Contains("aliases prod → 1", shown.Output, StringComparison.Ordinal);
        Assert.Contains("prod → 1", list.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Canary_PromotedAndRolledBack_ShowsWhoAnswers()
    {
        await PushAsync();
        await PushAsync("--label", "team=vision");
        await InferRun.OfAsync("model", "alias", "scale", "prod", "1", "--store", Store);

        var split = await InferRun.OfAsync("model", "canary", "scale", "prod", "2", "--weight", "25", "--store", Store);
        var shown = await InferRun.OfAsync("model", "show", "scale:prod", "--store", Store);
        var ended = await InferRun.OfAsync("model", "rollback", "scale", "--store", Store);
        var usual = await InferRun.OfAsync("model", "canary", "scale", "prod", "2", "--store", Store);
        var promoted = await InferRun.OfAsync("model", "promote", "scale", "--store", Store);
        var back = await InferRun.OfAsync("model", "rollback", "scale", "--store", Store);

        Assert.Contains("scale:prod → 1 (75 %) and 2 (25 %).", split.Output, StringComparison.Ordinal);
        Assert.Contains("aliases prod → 1 (75 %) and 2 (25 %)", shown.Output, StringComparison.Ordinal);
        Assert.Contains("scale:prod → 1, whose canary 2 has ended.", ended.Output, StringComparison.Ordinal);
        Assert.Contains("1 (90 %) and 2 (10 %)", usual.Output, StringComparison.Ordinal);
        Assert.Contains("scale:prod → 2, which was 1.", promoted.Output, StringComparison.Ordinal);
        Assert.Contains("scale:prod → 1, which was 2.", back.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Shadow_BegunShownAndEnded_PrintsWhatTheWorkerCompared()
    {
        await PushAsync();
        await PushAsync("--label", "team=vision");
        await InferRun.OfAsync("model", "alias", "scale", "prod", "1", "--store", Store);
        using var api = new ScriptedApi(_ => (200, """
            {"model":"scale","shadows":[
              {"version":1,"shadow_version":9,"compared":1,"failed":0,"dropped":0,"max_error":9,"mean_cosine":1,"worst_cosine":1,"top1":1,
               "mean_run_ms":1,"mean_shadow_run_ms":1,"last_failure":null},
              {"version":1,"shadow_version":2,"compared":40,"failed":2,"dropped":3,"max_error":0.125,"mean_cosine":0.99,"worst_cosine":0.9,
               "top1":null,"mean_run_ms":1.5,"mean_shadow_run_ms":0.5,"last_failure":"[no] reason"}]}
            """));

        var begun = await InferRun.OfAsync("model", "shadow", "scale", "prod", "2", "--share", "50", "--store", Store);
        var shown = await InferRun.OfAsync("model", "shadow", "scale", "prod", "--store", Store, "--url", api.Url);
        var ended = await InferRun.OfAsync("model", "shadow", "scale", "prod", "--stop", "--store", Store);

        Assert.Contains("scale:prod → 1, shadow 2 (50 %).", begun.Output, StringComparison.Ordinal);
        Assert.Equal((0, ""), (shown.ExitCode, shown.Errors));
        Assert.Matches(@"answers compared\s+│ 40", shown.Output);
        Assert.Matches(@"largest difference\s+│ 0.125", shown.Output);
        Assert.Matches(@"same largest number\s+│ –", shown.Output);
        Assert.Contains("[no] reason", shown.Output, StringComparison.Ordinal);
        Assert.Contains("scale:prod → 1.", ended.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--weight must be 1 to 99, not 0", "canary", "scale", "prod", "1", "--weight", "0")]
    [InlineData("--weight must be 1 to 99, not 100", "canary", "scale", "prod", "1", "--weight", "100")]
    [InlineData("There is no model 'scale:7'", "canary", "scale", "prod", "7")]
    [InlineData("version 1 cannot be the canary of version 1", "canary", "scale", "prod", "1")]
    [InlineData("has no alias 'other'", "canary", "scale", "other", "1")]
    [InlineData("scale:prod has no canary", "promote", "scale")]
    [InlineData("scale:prod has no shadow", "shadow", "scale", "prod")]
    [InlineData("has no alias 'other'", "shadow", "scale", "other")]
    [InlineData("--share must be 1 to 100, not 0", "shadow", "scale", "prod", "1", "--share", "0")]
    [InlineData("version 1 cannot be the shadow of version 1", "shadow", "scale", "prod", "1")]
    [InlineData("not both", "shadow", "scale", "prod", "1", "--stop")]
    public async Task Canary_ThatCannotBe_FailsAndSaysWhy(string why, params string[] arguments)
    {
        await PushAsync();
        await InferRun.OfAsync("model", "alias", "scale", "prod", "1", "--store", Store);

        var run = await InferRun.OfAsync(["model", .. arguments, "--store", Store]);

        Assert.NotEqual(0, run.ExitCode);
        Assert.Contains(why, run.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("name:version", "model", "delete", "scale")]
    [InlineData("There is no model 'nobody'", "model", "show", "nobody")]
    [InlineData("There is no model 'nobody:3'", "model", "delete", "nobody:3")]
    [InlineData("must be name or name:version", "model", "delete", "scale:prod")]
    [InlineData("has no alias 'prod'", "model", "show", "scale:prod")]
    [InlineData("has no alias 'prod'", "model", "rollback", "scale")]
    [InlineData("There is no model 'scale:1'", "model", "alias", "scale", "prod", "1")]
    public async Task Command_ThatCannotBe_FailsAndSaysWhy(string why, params string[] arguments)
    {
        var run = await InferRun.OfAsync([.. arguments, "--store", Store]);

        Assert.Equal(1, run.ExitCode);
        Assert.Contains(why, run.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Bad Name", "names match")]
    [InlineData("scale", "Protobuf parsing failed")]
    public async Task Push_BadNameOrBrokenGraph_PublishesNothing(string name, string why)
    {
        await File.WriteAllTextAsync(_folder.File("broken.onnx"), "this is not a graph", TestContext.Current.CancellationToken);
        var graph = name == "scale" ? _folder.File("broken.onnx") : _graph;

        var run = await InferRun.OfAsync("model", "push", name, graph, "--store", Store);
        var list = await InferRun.OfAsync("model", "list", "--store", Store);

        Assert.NotEqual(0, run.ExitCode);
        Assert.Contains(why, run.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("  at ", run.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("scale", list.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Push_Graph_SumsUpWhatWasProved()
    {
        var graph = OnnxGraphs.Mlp(64, 64, 10).WriteTo(_folder.File("mlp.onnx"));

        var run = await InferRun.OfAsync("model", "push", "mlp", graph, "--max-batch", "4", "--store", Store);

        Assert.Equal(0, run.ExitCode);
        Assert.Matches(@"batching\s+│ up to 4 rows", run.Output);
        Assert.Matches(@"optimised for\s+│ cpu, runtime 1\.", run.Output);
        Assert.Matches(@"weights\s+│ 2 tensors in 1 chunks", run.Output);
        Assert.Contains("x FP32 [-1, 64]", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Push_Samples_AreTakenForTheProof()
    {
        await File.WriteAllLinesAsync(
            _folder.File("samples.jsonl"),
            [
                """{"inputs":[{"name":"x","shape":[1,2],"datatype":"FP32","data":[[1,2]]}]}""",
                """{"inputs":[{"name":"x","shape":[1,2],"datatype":"FP32","data":[3,4.5]}]}""",
            ],
            TestContext.Current.CancellationToken);

        var run = await PushAsync("--sample", _folder.File("samples.jsonl"));

        Assert.Equal(0, run.ExitCode);
        Assert.Matches(@"batching\s+│ up to 32 rows", run.Output);
    }

    [Theory]
    [InlineData("hello", "Line 1")]
    [InlineData("""{"inputs":[{"name":"x","shape":[2,2],"datatype":"FP32","data":[1,2,3,4]}]}""", "must be one row")]
    [InlineData("""{"inputs":[{"name":"x","shape":[1,2],"datatype":"FP32","data":[1]}]}""", "must be one row")]
    [InlineData("""{"inputs":[{"name":"x","shape":[1,2],"datatype":"BYTES","data":["a","b"]}]}""", "cannot be sampled")]
    [InlineData("""{"input":[]}""", "Line 1")]
    public async Task Push_SampleThatIsNone_NamesItsLine(string line, string why)
    {
        await File.WriteAllTextAsync(_folder.File("samples.jsonl"), line, TestContext.Current.CancellationToken);

        var run = await PushAsync("--sample", _folder.File("samples.jsonl"));

        Assert.NotEqual(0, run.ExitCode);
        Assert.Contains(why, run.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("  at ", run.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--provider must be cpu or any", "--provider", "abacus")]
    [InlineData("--max-batch must be 1 to 1024", "--max-batch", "0")]
    [InlineData("--lossy must be fp16, bf16 or int8", "--lossy", "mp3")]
    [InlineData("--link must be more than 0", "--link", "0")]
    public async Task Push_OptionThatCannotBe_SaysWhatIsAllowed(string why, params string[] options)
    {
        var run = await PushAsync(options);

        Assert.NotEqual(0, run.ExitCode);
        Assert.Contains(why, run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Push_NoSuchFile_NamesIt()
    {
        var run = await InferRun.OfAsync("model", "push", "scale", _folder.File("none.onnx"), "--store", Store);

        Assert.NotEqual(0, run.ExitCode);
        Assert.Contains("none.onnx", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Push_NoGraphForAnUnknownSample_SaysWhichOnesThereAre()
    {
        var run = await InferRun.OfAsync("model", "push", "mystery", "--store", Store);

        Assert.NotEqual(0, run.ExitCode);
        Assert.Contains("minilm", run.Errors, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private Task<InferRun> PushAsync(params string[] more) => InferRun.OfAsync(["model", "push", "scale", _graph, "--store", Store, .. more]);
}
