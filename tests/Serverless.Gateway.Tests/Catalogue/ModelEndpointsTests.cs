using System.Net;
using System.Text.Json;
using Serverless.Gateway.Tests.Jobs;
using Serverless.Models.Storage;

namespace Serverless.Gateway.Tests.Catalogue;

/// <summary>What there is to use, told without a worker.</summary>
[Collection(JobsCollection.Name)]
public sealed class ModelEndpointsTests(JobsFixture fixture)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Models_ListAndEachName_AreAnsweredByTheStoreAlone()
    {
        await fixture.Get<IModelStore>().SetAliasAsync(JobsFixture.Model, "prod", 1, null, Token);
        using var api = new JobApi(fixture.CreateClient());
        var asked = (fixture.Worker.Bodies.Count, fixture.Worker.WakeUps);

        var list = await api.SendAsync(HttpMethod.Get, "/v1/models");

        Assert.Equal("list", JobApi.Text(list, "object"));
        AssertModel(JobsFixture.Model, Assert.Single(list.GetProperty("data").EnumerateArray()));
        foreach (var name in new[] { "small", "small:1", "small:prod", "small:latest" })
            AssertModel(name, await api.SendAsync(HttpMethod.Get, "/v1/models/" + name));
        Assert.Equal(asked, (fixture.Worker.Bodies.Count, fixture.Worker.WakeUps));
    }

    [Theory]
    [InlineData("nobody")]
    [InlineData("small:2")]
    [InlineData("small:canary")]
    [InlineData("No%20Name")]
    public async Task Model_ThatDoesNotExist_IsNotFound(string name)
    {
        using var api = new JobApi(fixture.CreateClient());

        var answer = await api.SendAsync(HttpMethod.Get, "/v1/models/" + name, expected: HttpStatusCode.NotFound);

        Assert.Equal("model_not_found", JobApi.Text(answer.GetProperty("error"), "code"));
    }

    [Fact]
    public async Task Models_KeyOfOtherModels_SeesItsOwn()
    {
        using var olga = new JobApi(fixture.CreateClient("olga"));
        var key = JobApi.Text(await olga.SendAsync(
            HttpMethod.Post, "/v1/admin/keys", """{"tenant":"t","models":["another"]}""", HttpStatusCode.Created), "key");
        using var api = new JobApi(fixture.CreateClient(key));

        var list = await api.SendAsync(HttpMethod.Get, "/v1/models");

        Assert.Empty(list.GetProperty("data").EnumerateArray());
        await api.SendAsync(HttpMethod.Get, "/v1/models/small", expected: HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task Models_AnotherMethodOrPath_IsRefused()
    {
        using var api = new JobApi(fixture.CreateClient());

        await api.SendAsync(HttpMethod.Post, "/v1/models", "{}", HttpStatusCode.MethodNotAllowed);
        await api.SendAsync(HttpMethod.Get, "/v1/models/small/more", expected: HttpStatusCode.NotFound);
    }

    private static void AssertModel(string id, JsonElement model)
    {
        Assert.Equal((id, "model", "serverless"), (JobApi.Text(model, "id"), JobApi.Text(model, "object"), JobApi.Text(model, "owned_by")));
        Assert.True(model.GetProperty("created").GetInt64() > 1_500_000_000);
    }
}
