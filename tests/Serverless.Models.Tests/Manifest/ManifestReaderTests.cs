using System.Text;
using Serverless.Models.Codecs;
using Serverless.Models.Integrity;
using Serverless.Models.Manifest;

namespace Serverless.Models.Tests.Manifest;

public sealed class ManifestReaderTests
{
    private static readonly string Hash = new('a', 64);

    private static readonly ModelFile Graph = new()
    {
        Path = "model.onnx",
        Size = 2,
        Sha256 = Hash,
        Codec = PackageCodecs.Zstd,
        StoredSize = 1,
        StoredSha256 = Hash,
    };

    private static readonly WeightChunk Chunk = new()
    {
        Offset = 0,
        Size = 128,
        Sha256 = Hash,
        Codec = PackageCodecs.Fp16,
        StoredSize = 64,
        StoredSha256 = Hash,
        Error = new CodecError(0.5, 0.25),
    };

    private static readonly WeightTensor Tensor = new("w", "float", [2, 8], 64, 64);

    private static readonly ModelManifest Good = new() { Name = "m", Version = 3, Graph = Graph, Chunks = [Chunk], Weights = [Tensor] };

    private static readonly StageRecord First = new(32, [Value("x")], [Value("h")]);

    private static readonly StageRecord Second = new(32, [Value("h"), Value("x")], [Value("y")]) { Package = "m.stage-2:1", Place = "second" };

    private static readonly ModelManifest Staged = Good with
    {
        Format = ModelManifest.StagedFormat,
        Inputs = [Value("x")],
        Outputs = [Value("y")],
        Stages = [First, Second],
    };

    [Theory]
    [InlineData("../model.onnx")]
    [InlineData("/model.onnx")]
    [InlineData("a/../model.onnx")]
    [InlineData("a//model.onnx")]
    [InlineData("a\\model.onnx")]
    [InlineData("C:model.onnx")]
    [InlineData(".hidden/model.onnx")]
    [InlineData("model.onnx\n")]
    [InlineData("a/b/c/d/model.onnx")]
    [InlineData("model\0.onnx")]
    public void Read_PathOutsideOfThePackage_IsRefused(string path)
    {
        Assert.False(PackagePath.IsValid(path));
        AssertRefused(Good with { Graph = Graph with { Path = path } });
    }

    [Theory]
    [InlineData("model.onnx")]
    [InlineData("onnx/model.onnx")]
    [InlineData("a-b_c/1.2.onnx")]
    public void Read_PathInThePackage_IsTaken(string path)
    {
        var manifest = Read(Good with { Graph = Graph with { Path = path } });

        Assert.Equal(path, manifest.Graph.Path);
    }

    public static TheoryData<string, ModelManifest> Broken() => new()
    {
        { "name", Good with { Name = "M" } },
        { "other version", Good with { Version = 4 } },
        { "too many files", Good with { Files = [.. Enumerable.Range(0, 257).Select(i => Graph with { Path = $"f{i}" })] } },
        { "no such file", Good with { Files = [null!] } },
        { "same path", Good with { Files = [Graph with { Path = "a.txt" }, Graph with { Path = "A.txt" }] } },
        { "short hash", Good with { Graph = Graph with { Sha256 = "abc" } } },
        { "upper-case hash", Good with { Graph = Graph with { StoredSha256 = new string('A', 64) } } },
        { "hash that climbs", Good with { Graph = Graph with { StoredSha256 = "../" + new string('a', 61) } } },
        { "negative size", Good with { Graph = Graph with { Size = -1 } } },
        { "negative stored size", Good with { Graph = Graph with { StoredSize = -1 } } },
        { "huge file", Good with { Graph = Graph with { Size = long.MaxValue } } },
        { "larger when stored", Good with { Graph = Graph with { StoredSize = 3 } } },
        { "codec", Good with { Graph = Graph with { Codec = "rar" } } },
        { "lossy graph", Good with { Graph = Graph with { Codec = PackageCodecs.Fp16 } } },
        { "stored with two hashes", Good with { Graph = Graph with { Codec = PackageCodecs.Store, Size = 1, Sha256 = new('b', 64) } } },
        { "huge chunk", Good with { Chunks = [Chunk with { Size = (16 << 20) + 64 }] } },
        { "empty chunk", Good with { Chunks = [Chunk, Chunk with { Offset = 128, Size = 0, StoredSize = 0 }] } },
        { "gap", Good with { Chunks = [Chunk, Chunk with { Offset = 192 }] } },
        { "overlap", Good with { Chunks = [Chunk, Chunk with { Offset = 64 }] } },
        { "chunk out of line", Good with { Chunks = [Chunk with { Size = 100 }, Chunk with { Offset = 100 }] } },
        { "tensor out of line", Good with { Weights = [Tensor with { Offset = 32 }] } },
        { "tensor before the weights", Good with { Weights = [Tensor with { Offset = -64 }] } },
        { "tensor beyond the weights", Good with { Weights = [Tensor with { Offset = 128 }] } },
        { "tensor without end", Good with { Weights = [Tensor with { ElementType = "int4", Length = long.MaxValue }] } },
        { "tensors overlap", Good with { Weights = [Tensor with { Name = "v" }, Tensor] } },
        { "tensors share a name", Good with { Weights = [Tensor with { Offset = 0 }, Tensor] } },
        { "shape", Good with { Weights = [Tensor with { Shape = [2, 9] }] } },
        { "shape that overflows", Good with { Weights = [Tensor with { Shape = [long.MaxValue, long.MaxValue] }] } },
        { "negative shape", Good with { Weights = [Tensor with { Shape = [-2, -8] }] } },
        { "element type", Good with { Weights = [Tensor with { ElementType = "FLOAT" }] } },
        { "older format", Good with { Format = 1 } },
        { "format of stages without stages", Good with { Format = ModelManifest.StagedFormat } },
        { "newer format", Good with { Format = ModelManifest.StagedFormat + 1 } },
        { "stages in the format without", Staged with { Format = ModelManifest.CurrentFormat } },
        { "one stage", Staged with { Stages = [First] } },
        { "no such stage", Staged with { Stages = [First, null!] } },
        { "stage without a package", Staged with { Stages = [First, Second with { Package = null }] } },
        { "stage without a version", Staged with { Stages = [First, Second with { Package = "m.stage-2" }] } },
        { "stage of a name that is none", Staged with { Stages = [First, Second with { Package = "../m:1" }] } },
        { "stage of the model itself", Staged with { Stages = [First, Second with { Package = "m:2" }] } },
        { "first stage elsewhere", Staged with { Stages = [First with { Place = "second" }, Second] } },
        { "first stage in another package", Staged with { Stages = [First with { Package = "m.stage-1:1" }, Second] } },
        { "place that is no name", Staged with { Stages = [First, Second with { Place = "http://second" }] } },
        { "stage proved for no rows", Staged with { Stages = [First, Second with { MaxBatch = 0 }] } },
        { "stage takes what nothing gives", Staged with { Stages = [First, Second with { Inputs = [Value("g")] }] } },
        { "value given twice", Staged with { Stages = [First, Second with { Outputs = [Value("h"), Value("y")] }] } },
        { "output that no stage gives", Staged with { Outputs = [Value("z")] } },
    };

    [Fact]
    public void Read_ModelInStages_IsTaken()
    {
        var manifest = Read(Staged);

        Assert.Equal(["m.stage-2:1"], manifest.Stages!.Select(stage => stage.Package).OfType<string>());
        Assert.Equal("second", manifest.Stages![1].Place);
    }

    [Theory]
    [MemberData(nameof(Broken))]
    public void Read_BrokenRule_IsRefused(string rule, ModelManifest manifest)
    {
        Assert.NotEmpty(rule);
        AssertRefused(manifest);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("""{"name":"m","files":null}""")]
    [InlineData("""{"name":"m","version":3,"files":[null]}""")]
    [InlineData("[1,2")]
    public void Read_NotAManifest_IsRefused(string json) =>
        Assert.Throws<ModelIntegrityException>(() => ManifestReader.Read(Encoding.UTF8.GetBytes(json), "m", 3));

    [Fact]
    public void Read_AnyBitFlipped_IsRefused()
    {
        var json = ManifestDigest.Seal(Good);
        Assert.Equal(Good.Chunks[0], ManifestReader.Read(json, "m", 3).Chunks[0]);
        for (var bit = 0; bit < json.Length * 8; bit += 3)
        {
            var damaged = json.ToArray();
            damaged[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.Throws<ModelIntegrityException>(() => ManifestReader.Read(damaged, "m", 3));
        }
    }

    [Fact]
    public void Read_EditedByHand_NamesBothHashes()
    {
        var json = Encoding.UTF8.GetString(ManifestDigest.Seal(Good)).Replace("\"float\"", "\"int32\"", StringComparison.Ordinal);

        var error = Assert.Throws<ModelIntegrityException>(() => ManifestReader.Read(Encoding.UTF8.GetBytes(json), "m", 3));

        Assert.Matches("expected SHA-256 [0-9a-f]{64}, found [0-9a-f]{64}", error.Message);
    }

    private static void AssertRefused(ModelManifest manifest)
    {
        var error = Assert.Throws<ModelIntegrityException>(() => Read(manifest));
        Assert.Contains("m:3", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Manifest_WithALineage_IsReadAsItWasWritten()
    {
        var figure = new EvaluationFigure("cosine", 0.995) { Least = 0.99 };
        var passes = new PassRecord("int8", new Dictionary<string, string> { ["min"] = "1024" }, "7 weights");

        var lineage = Read(Good with { Lineage = new LineageRecord(2, [passes], [figure]) { References = "5 texts" } }).Lineage!;

        Assert.Equal((2, "5 texts", figure), (lineage.Parent, lineage.References, Assert.Single(lineage.Figures)));
        Assert.Equal("1024", Assert.Single(lineage.Passes).Parameters["min"]);
        Assert.True(figure.IsMet);
    }

    [Fact]
    public void Manifest_WithALineageThatCannotBe_IsRefused()
    {
        Assert.Throws<ModelIntegrityException>(() => Read(Good with { Lineage = new LineageRecord(0, [], []) }));
        Assert.Throws<ModelIntegrityException>(() => Read(Good with { Lineage = new LineageRecord(1, [null!], []) }));
        Assert.Throws<ModelIntegrityException>(() => Read(Good with
        {
            Lineage = new LineageRecord(1, [], [.. Enumerable.Repeat(new EvaluationFigure("f", 1), 65)]),
        }));
    }

    private static ModelManifest Read(ModelManifest manifest) =>
        ManifestReader.Read(ManifestDigest.Seal(manifest), "m", 3);

    private static TensorSignature Value(string name) => new(name, "FP32", [-1, 2]);
}
