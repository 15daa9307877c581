using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using Serverless.Gateway.Jobs;
using Serverless.Gateway.Webhooks;

namespace Serverless.Gateway.Tests.Jobs;

[Collection(JobsCollection.Name)]
public sealed class WebhookTests(JobsFixture fixture)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Deliver_BatchThatEnded_IsSignedAndTriedAgainAfterAnError()
    {
        var received = new List<(string Id, string Time, string Signature, string Body)>();
        await using var receiver = await ScriptedWorker.StartAsync(async context =>
        {
            using var reader = new StreamReader(context.Request.Body);
            var headers = context.Request.Headers;
            received.Add((headers["webhook-id"]!, headers["webhook-timestamp"]!, headers["webhook-signature"]!, await reader.ReadToEndAsync()));
            context.Response.StatusCode = received.Count == 1 ? 500 : 200;
        });
        await using var batch = new BatchScenario(fixture);
        await batch.StartAsync(lines: 2, more: $",\"webhook_url\":\"{receiver.Url}hook\"");
        await batch.Worker.RunAllAsync(batch.Id);

        await fixture.DeliverWebhooksAsync();
        Assert.Single(received);
        await Task.Delay(TimeSpan.FromSeconds(6), Token);
        await fixture.DeliverWebhooksAsync();

        Assert.Equal(2, received.Count);
        Assert.Equal(received[0].Id, received[1].Id);
        Assert.Contains("\"batch.completed\"", received[0].Body, StringComparison.Ordinal);
        Assert.Contains(batch.Id, received[0].Body, StringComparison.Ordinal);
        Assert.All(received, hook => Assert.Equal(SignatureOf($"{hook.Id}.{hook.Time}.{hook.Body}"), hook.Signature));
    }

    [Theory]
    [InlineData("8.8.8.8", true)]
    [InlineData("2606:4700:4700::1111", true)]
    [InlineData("127.0.0.1", false)]
    [InlineData("0.0.0.0", false)]
    [InlineData("10.1.2.3", false)]
    [InlineData("172.31.255.255", false)]
    [InlineData("172.32.0.1", true)]
    [InlineData("192.168.0.1", false)]
    [InlineData("169.254.169.254", false)]
    [InlineData("168.63.129.16", false)]
    [InlineData("100.64.0.1", false)]
    [InlineData("224.0.0.1", false)]
    [InlineData("::1", false)]
    [InlineData("::ffff:127.0.0.1", false)]
    [InlineData("::ffff:10.0.0.1", false)]
    [InlineData("64:ff9b::a00:1", false)]
    [InlineData("2002:a00:1::", false)]
    [InlineData("fd00::1", false)]
    [InlineData("fe80::1", false)]
    public void IsPublic_Address_IsTold(string address, bool expected) => Assert.Equal(expected, PublicAddress.IsPublic(IPAddress.Parse(address)));

    [Theory]
    [InlineData("http://127.0.0.1:{0}/")]
    [InlineData("http://localhost:{0}/")]
    [InlineData("http://[::ffff:127.0.0.1]:{0}/")]
    [InlineData("http://2130706433:{0}/")]
    [InlineData("http://0177.0.0.1:{0}/")]
    [InlineData("http://0x7f.1:{0}/")]
    [InlineData("http://127.1:{0}/")]
    [InlineData("http://0.0.0.0:{0}/")]
    [InlineData("http://public.example@127.0.0.1:{0}/")]
    public async Task Send_PrivateAddress_NeverConnects(string url)
    {
        await using var receiver = await ScriptedWorker.StartAsync(200, "{}");
        using var client = new WebhookClient(Options.Create(new JobOptions()));
        var target = string.Format(System.Globalization.CultureInfo.InvariantCulture, url, receiver.Url.Port);

        await Assert.ThrowsAsync<HttpRequestException>(
            () => client.SendAsync(new HttpRequestMessage(HttpMethod.Post, target), Token));

        Assert.Empty(receiver.Bodies);
    }

    [Fact]
    public async Task Send_NameThatResolvesDifferentlyAMomentLater_ConnectsToTheAddressThatWasChecked()
    {
        await using var receiver = await ScriptedWorker.StartAsync(200, "{}");
        using var other = new TcpListener(IPAddress.Parse("127.0.0.2"), receiver.Url.Port);
        other.Start();
        var answers = new Queue<string>(["127.0.0.1", "127.0.0.2", "127.0.0.2"]);
        using var client = new WebhookClient(
            Options.Create(new JobOptions { AllowPrivateWebhooks = true }), (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Parse(answers.Dequeue())]));

        var status = await client.SendAsync(new HttpRequestMessage(HttpMethod.Post, $"http://rebinding.example:{receiver.Url.Port}/"), Token);

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Single(receiver.Bodies);
        Assert.Equal(2, answers.Count);
        Assert.False(other.Pending());
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("8.8.8.8 127.0.0.1")]
    [InlineData("::ffff:127.0.0.1")]
    [InlineData("")]
    public async Task Send_NameWithAnAddressThatIsNotPublic_NeverConnects(string addresses)
    {
        await using var receiver = await ScriptedWorker.StartAsync(200, "{}");
        IPAddress[] resolved = [.. addresses.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(IPAddress.Parse)];
        using var client = new WebhookClient(Options.Create(new JobOptions()), (_, _) => Task.FromResult(resolved));

        await Assert.ThrowsAsync<HttpRequestException>(
            () => client.SendAsync(new HttpRequestMessage(HttpMethod.Post, $"http://rebinding.example:{receiver.Url.Port}/"), Token));

        Assert.Empty(receiver.Bodies);
    }

    [Fact]
    public async Task Send_AnswerThatRedirects_IsNotFollowed()
    {
        await using var inside = await ScriptedWorker.StartAsync(200, "{}");
        await using var receiver = await ScriptedWorker.StartAsync(context =>
        {
            context.Response.Redirect(inside.Url.ToString());
            return Task.CompletedTask;
        });
        using var client = new WebhookClient(Options.Create(new JobOptions { AllowPrivateWebhooks = true }));

        var status = await client.SendAsync(new HttpRequestMessage(HttpMethod.Post, receiver.Url), Token);

        Assert.Equal(HttpStatusCode.Redirect, status);
        Assert.Empty(inside.Bodies);
    }

    private static string SignatureOf(string text) =>
        "v1," + Convert.ToBase64String(HMACSHA256.HashData(Encoding.UTF8.GetBytes(JobsFixture.WebhookSecret), Encoding.UTF8.GetBytes(text)));
}
