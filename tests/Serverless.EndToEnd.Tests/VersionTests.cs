using System.Net;
using System.Text;
using System.Text.Json;
using Azure.Storage.Blobs;
using Serverless.Contracts.Storage;
using Serverless.Models.Manifest;
using Serverless.Models.Publishing;

namespace Serverless.EndToEnd.Tests;

[Collection(PlatformCollection.Name)]
public sealed class VersionTests(PlatformFixture fixture)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Newest_ItsBlobIsCorrupted_IsRefusedByHashWhileThePreviousServes()
    {
        const string Model = "corrupted";
        var publisher = new ModelPublisher(fixture.Store);
        await TestModels.PushScaleAsync(publisher, Model, 3);
        // Contents of its own: what another test has loaded is in the worker's cache, whatever becomes of the blob.
        var newest = await TestModels.PushScaleAsync(publisher, Model, 5.25f);
        await FlipOneByteAsync(newest);
        using var client = fixture.CreateClient();

        using var served = await InferAsync(client, $"/v2/models/{Model}/infer");
        using var asked = await InferAsync(client, $"/v2/models/{Model}/versions/2/infer");
        using var metadata = await client.GetAsync($"/v2/models/{Model}", Token);

        Assert.Equal(HttpStatusCode.OK, served.StatusCode);
        using var answer = JsonDocument.Parse(await served.Content.ReadAsStringAsync(Token));
        Assert.Equal("1", answer.RootElement.GetProperty("model_version").GetString());
        Assert.Equal(4.5f, answer.RootElement.GetProperty("outputs")[0].GetProperty("data")[0].GetSingle());

        Assert.Equal(HttpStatusCode.ServiceUnavailable, asked.StatusCode);
        Assert.Contains(newest.Graph.StoredSha256, await asked.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);

        // The fallback is visible to whoever asks about the model.
        Assert.Contains(newest.Graph.StoredSha256, await metadata.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Newest_PushedWhileTheModelServes_IsPickedUp()
    {
        const string Model = "renewed";
        var publisher = new ModelPublisher(fixture.Store);
        await TestModels.PushScaleAsync(publisher, Model, 3);
        using var client = fixture.CreateClient();
        using var before = await InferAsync(client, $"/v2/models/{Model}/infer");
        await TestModels.PushScaleAsync(publisher, Model, 5);

        var after = await Wait.ForAsync(
            async () =>
            {
                using var response = await InferAsync(client, $"/v2/models/{Model}/infer");
                var text = await response.Content.ReadAsStringAsync(Token);
                return text.Contains("\"model_version\":\"2\"", StringComparison.Ordinal) ? text : null;
            },
            "Picking up version 2");

        Assert.Equal(HttpStatusCode.OK, before.StatusCode);
        Assert.Contains("7.5", after, StringComparison.Ordinal);
    }

    private static Task<HttpResponseMessage> InferAsync(HttpClient client, string path) =>
        client.PostAsync(path, new StringContent(TestModels.SmallRequest, Encoding.UTF8, "application/json"), Token);

    private async Task FlipOneByteAsync(ModelManifest manifest)
    {
        var container = fixture.Storage.GetBlobContainerClient(BlobContainers.Models);
        BlobClient? found = null;
        await foreach (var blob in container.GetBlobsAsync(cancellationToken: Token))
        {
            // Another test's model may have the same content under the same hash.
            if (blob.Name.StartsWith(manifest.Name + "/", StringComparison.Ordinal) && blob.Name.Contains(manifest.Graph.StoredSha256, StringComparison.Ordinal))
                found = container.GetBlobClient(blob.Name);
        }

        Assert.NotNull(found);
        var bytes = (await found.DownloadContentAsync(Token)).Value.Content.ToArray();
        bytes[bytes.Length / 2] ^= 1;
        await found.UploadAsync(new BinaryData(bytes), overwrite: true, Token);
    }
}
