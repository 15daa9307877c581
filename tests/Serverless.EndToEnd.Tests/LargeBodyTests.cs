using System.Net;
using System.Text.Json;

namespace Serverless.EndToEnd.Tests;

[Collection(PlatformCollection.Name)]
public sealed class LargeBodyTests(PlatformFixture fixture)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Post_Body200MB_IsAnswered()
    {
        // 200 MB of white space between the values: JSON allows it, and the answer stays small.
        using var client = fixture.CreateClient();
        using var content = new PaddedContent("""{"inputs":[{"name":"x","shape":[1,2],"datatype":"FP32","data":[1.5,""", 200_000_000, "2]}]}");

        using var response = await client.PostAsync($"/v2/models/{TestModels.Small}/infer", content, Token);

        var text = await response.Content.ReadAsStringAsync(Token);
        Assert.True(response.StatusCode == HttpStatusCode.OK, text);
        using var answer = JsonDocument.Parse(text);
        Assert.Equal(4, answer.RootElement.GetProperty("outputs")[0].GetProperty("data")[1].GetSingle());
    }
}
