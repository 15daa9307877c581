using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Options;
using Serverless.Contracts.Errors;
using Serverless.Contracts.Queues;
using Serverless.Gateway.Authentication;
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
        await using var receiver = await WebhookReceiver.StartAsync(hook => hook == 1 ? 500 : 200);
        await using var batch = new BatchScenario(fixture);
        await batch.StartAsync(lines: 2, more: $",\"webhook_url\":\"{receiver.Url}\"");
        await batch.Worker.RunAllAsync(batch.Id);

        await fixture.DeliverWebhooksAsync();
        Assert.Single(receiver.Hooks);
        await Task.Delay(TimeSpan.FromSeconds(6), Token);
        await fixture.DeliverWebhooksAsync();

        Assert.Equal(2, receiver.Hooks.Count);
        Assert.Equal(receiver.Hooks[0].Id, receiver.Hooks[1].Id);
        Assert.Equal(("batch.completed", batch.Id), (receiver.Hooks[0].Type, receiver.Hooks[0].Subject));
        Assert.All(receiver.Hooks, hook => Assert.Equal(hook.Expected, hook.Signature));
    }

    [Fact]
    public async Task Deliver_BatchThatWasDrivenAgain_TellsItsSecondEndAsAnotherEvent()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var batch = new BatchScenario(fixture);
        await batch.StartAsync(more: $",\"webhook_url\":\"{receiver.Url}\"");
        await batch.Worker.DeadLetterAsync((await batch.Worker.ReceiveAsync(batch.Id))!.Value.Message, "InternalError", "broken disk");
        await fixture.MaintainAsync();
        await batch.Worker.RunAllAsync(batch.Id);
        await fixture.DeliverWebhooksAsync();

        await batch.Api.RedriveAsync(batch.Id);
        await fixture.PumpAsync();
        await batch.Worker.RunAllAsync(batch.Id);
        await fixture.DeliverWebhooksAsync();

        await batch.AssertAllAnsweredAsync();
        Assert.Equal(["batch.completed", "batch.completed"], receiver.Hooks.Select(hook => hook.Type));
        Assert.NotEqual(receiver.Hooks[0].Id, receiver.Hooks[1].Id);
        Assert.All(receiver.Hooks, hook => Assert.Equal(hook.Expected, hook.Signature));
    }

    [Theory]
    [InlineData(1, 5)]
    [InlineData(2, 10)]
    [InlineData(3, 20)]
    [InlineData(9, 1_280)]
    public void DelayAfter_Attempt_DoublesFromFiveSeconds(int attempt, int seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), WebhookDelivery.DelayAfter(attempt));

    [Theory]
    [InlineData(9, 1)]
    [InlineData(10, 0)]
    public async Task Deliver_AttemptThatFails_IsRepeatedUpToTheTenth(int attempt, int left)
    {
        await using var receiver = await WebhookReceiver.StartAsync(_ => 503);
        await using var batch = new BatchScenario(fixture);
        await batch.CreateAsync(lines: 2, more: $",\"webhook_url\":\"{receiver.Url}\"");
        var queue = fixture.Storage.Queue(QueueNames.BatchWebhooks);
        await queue.ClearMessagesAsync(Token);

        await fixture.Get<WebhookDelivery>().DeliverAsync($$"""{"id":"{{batch.Id}}","status":"completed","attempt":{{attempt}}}""", Token);

        Assert.Single(receiver.Hooks);
        Assert.Equal(left, (await queue.GetPropertiesAsync(Token)).Value.ApproximateMessagesCount);
        await queue.ClearMessagesAsync(Token);
        await fixture.PumpAsync();
    }

    [Theory]
    [InlineData("https://example.org/", false, true)]
    [InlineData("http://example.org/", false, false)]
    [InlineData("http://example.org/", true, true)]
    public void Check_Scheme_IsHttpsUnlessPrivateWebhooksAreAllowed(string url, bool allowsPrivate, bool isAllowed)
    {
        var keys = new ApiKeyOptions { ApiKeys = { new ApiKey { Name = "alice", WebhookSecret = JobsFixture.WebhookSecret } } };
        var webhooks = new WebhookKeys(Options.Create(keys), Options.Create(new JobOptions { AllowPrivateWebhooks = allowsPrivate }));

        var refused = Record.Exception(() => webhooks.Check(url, new Caller("alice", Operations.Data), "webhook_url"));

        Assert.Equal(isAllowed, refused is null);
        if (!isAllowed)
            Assert.Contains("must be an https URL", Assert.IsType<InferenceException>(refused).Message, StringComparison.Ordinal);
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
}
