using Microsoft.Extensions.Configuration;
using Serverless.Models.Storage;
using Serverless.TestKit;

namespace Serverless.Models.Tests.Storage;

public sealed class StorageAccountTests
{
    [Fact]
    public void CreateBlobClient_NothingConfigured_NamesTheSetting()
    {
        var error = Assert.Throws<InvalidOperationException>(() => StorageAccount.CreateBlobClient(Configuration()));

        Assert.Contains("Storage:blobServiceUri", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void CreateBlobClient_ServiceUri_UsesIt()
    {
        var client = StorageAccount.CreateBlobClient(
            Configuration(("Storage:blobServiceUri", "https://a.blob.core.windows.net"), ("Storage:clientId", "x")));

        Assert.Equal("a", client.AccountName);
    }

    [Fact]
    public void CreateBlobClient_NotAUri_NamesTheSetting()
    {
        var error = Assert.Throws<InvalidOperationException>(
            () => StorageAccount.CreateBlobClient(Configuration(("Storage:blobServiceUri", "account"))));

        Assert.Contains("Storage:blobServiceUri", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_Folder_IsThere()
    {
        using var folder = new TemporaryFolder();

        Assert.Equal(folder.Path, ModelStores.Open(folder.Path, Configuration()).Location);
    }

    [Fact]
    public void Open_ContainerUrl_IsThere()
    {
        var store = ModelStores.Open("https://a.blob.core.windows.net/other", Configuration());

        Assert.Equal("https://a.blob.core.windows.net/other", store.Location);
    }

    [Theory]
    [InlineData("s3://bucket", "s3://bucket")]
    [InlineData("s3://bucket/some/prefix/", "s3://bucket/some/prefix")]
    [InlineData("https://a.example/m; https://b.example/m", "https://a.example/m;https://b.example/m")]
    public void Open_BucketOrSeveral_IsThere(string location, string expected)
    {
        var store = ModelStores.Open(location, Configuration(("S3:serviceUrl", "http://127.0.0.1:9000")));

        Assert.Equal(expected, store.Location);
    }

    [Fact]
    public void Open_BucketWithBadEndpoint_NamesTheSetting()
    {
        var error = Assert.Throws<InvalidOperationException>(
            () => ModelStores.Open("s3://bucket", Configuration(("S3:serviceUrl", "minio"))));

        Assert.Contains("S3:serviceUrl", error.Message, StringComparison.Ordinal);
    }

    private static IConfiguration Configuration(params (string Key, string Value)[] settings) =>
        new ConfigurationManager().AddInMemoryCollection(
        settings.Select(setting => KeyValuePair.Create<string, string?>(setting.Key, setting.Value))).Build();
}
