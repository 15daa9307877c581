using System.Text;
using System.Text.Json;
using Serverless.Models.Integrity;
using Serverless.Models.Manifest;

namespace Serverless.Models.Tests.Manifest;

public sealed class ManifestReaderTests
{
    private static readonly ModelFile Graph = new()
    {
        Path = "model.onnx",
        Size = 1,
        Sha256 = new string('a', 64),
        Codec = FileCodecs.Zstd,
        StoredSize = 1,
    };

    private static readonly ModelManifest Good = new() { Name = "m", Version = 3, Files = [Graph] };

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
        AssertRefused(Good with { Files = [Graph with { Path = path }] });
    }

    [Theory]
    [InlineData("model.onnx")]
    [InlineData("onnx/model.onnx")]
    [InlineData("a-b_c/1.2.onnx")]
    public void Read_PathInThePackage_IsTaken(string path)
    {
        var manifest = Read(Good with { Files = [Graph with { Path = path }] });

        Assert.Equal(path, manifest.Graph().Path);
    }

    public static TheoryData<string, ModelManifest> Broken() => new()
    {
        { "name", Good with { Name = "M" } },
        { "other version", Good with { Version = 4 } },
        { "no file", Good with { Files = [] } },
        { "two graphs", Good with { Files = [Graph, Graph with { Path = "b.onnx" }] } },
        { "no graph", Good with { Files = [Graph with { Path = "vocab.txt" }] } },
        { "same path", Good with { Files = [Graph, Graph with { Path = "a.txt" }, Graph with { Path = "A.txt" }] } },
        { "short hash", Good with { Files = [Graph with { Sha256 = "abc" }] } },
        { "upper-case hash", Good with { Files = [Graph with { Sha256 = new string('A', 64) }] } },
        { "hash that climbs", Good with { Files = [Graph with { Sha256 = "../" + new string('a', 61) }] } },
        { "negative size", Good with { Files = [Graph with { Size = -1 }] } },
        { "codec", Good with { Files = [Graph with { Codec = "rar" }] } },
        { "newer format", Good with { Format = ModelManifest.CurrentFormat + 1 } },
    };

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

    private static void AssertRefused(ModelManifest manifest)
    {
        var error = Assert.Throws<ModelIntegrityException>(() => Read(manifest));
        Assert.Contains("m:3", error.Message, StringComparison.Ordinal);
    }

    private static ModelManifest Read(ModelManifest manifest) =>
        ManifestReader.Read(JsonSerializer.SerializeToUtf8Bytes(manifest, ManifestJson.Default.ModelManifest), "m", 3);
}
