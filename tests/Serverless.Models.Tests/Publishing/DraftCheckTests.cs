using Serverless.Models.Codecs;
using Serverless.Models.Manifest;
using Serverless.Models.Publishing;
using Serverless.Models.Storage;
using Serverless.TestKit;

namespace Serverless.Models.Tests.Publishing;

public sealed class DraftCheckTests : IDisposable
{
    private readonly Packages _packages = new();
    private readonly TemporaryFolder _folder = new();

    [Theory]
    [InlineData("name")]
    [InlineData("task")]
    [InlineData("path")]
    [InlineData("same path")]
    [InlineData("link")]
    [InlineData("order")]
    [InlineData("end")]
    [InlineData("no weights")]
    public async Task Publish_BadDraft_IsRefusedBeforeAnythingIsWritten(string rule)
    {
        var good = _packages.Weights("m", 1, largeFloats: 5000);
        var draft = rule switch
        {
            "name" => good with { Name = "Bad Name" },
            "task" => good with { Task = "text-embeding" },
            "path" => good with { Files = new Dictionary<string, string> { ["../vocab.txt"] = good.GraphFile } },
            "same path" => good with { Files = new Dictionary<string, string> { ["MODEL.onnx"] = good.GraphFile } },
            "link" => good with { Codecs = new CodecPolicy { LinkMegabytesPerSecond = 0 } },
            "order" => good with { Weights = [.. good.Weights.Reverse()] },
            "end" => good with { Weights = [.. good.Weights, new WeightTensor("x", "float", [16], 1 << 20, 64)] },
            _ => good with { WeightsFile = null },
        };
        var store = ModelStores.InFolder(_folder.File("store"));

        await Assert.ThrowsAsync<ArgumentException>(
            () => new ModelPublisher(store).PublishAsync(draft, cancellationToken: TestContext.Current.CancellationToken));

        Assert.False(Directory.Exists(_folder.File("store")));
    }

    public void Dispose()
    {
        _packages.Dispose();
        _folder.Dispose();
    }
}
