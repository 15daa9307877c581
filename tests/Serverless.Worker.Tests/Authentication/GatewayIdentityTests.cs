using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.IdentityModel.Tokens;
using Serverless.TestKit.Identity;
using Serverless.TestKit.Onnx;

namespace Serverless.Worker.Tests.Authentication;

/// <summary>A worker that knows its gateway by a token of an issuer, over real HTTP.</summary>
public sealed class GatewayIdentityTests : IAsyncLifetime
{
    private const string Gateway = "6f9619ff-8b86-d011-b42d-00c04fc964ff";
    private const string Audience = "api://worker";

    private TestIssuer _issuer = null!;
    private RunningWorker _worker = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _issuer = await TestIssuer.StartAsync();
        _worker = await RunningWorker.StartAsync(
            $"--Worker:EntraAuthority={_issuer.Url}", $"--Worker:EntraAudience={Audience}", $"--Worker:EntraGateway={Gateway}");
        await _worker.PushAsync("m", OnnxGraphs.Scale(2));
    }

    public async ValueTask DisposeAsync()
    {
        await _worker.DisposeAsync();
        await _issuer.DisposeAsync();
    }

    [Fact]
    public async Task Request_OfTheGatewaysIdentity_IsServedAgainAndAgain()
    {
        var token = Issue(Gateway.ToUpperInvariant());

        Assert.Equal(HttpStatusCode.OK, await InferAsync(token));
        Assert.Equal(HttpStatusCode.OK, await InferAsync(token));
        await _issuer.DisposeAsync();
        Assert.Equal(HttpStatusCode.OK, await InferAsync(token));
    }

    [Theory]
    [InlineData("none")]
    [InlineData("another identity")]
    [InlineData("another audience")]
    [InlineData("expired")]
    [InlineData("forged")]
    [InlineData("no token")]
    [InlineData("very long")]
    public async Task Request_OfAnybodyElse_IsRefused(string credential)
    {
        using var other = RSA.Create(2048);
        var token = credential switch
        {
            "none" => null,
            "another identity" => Issue("00000000-0000-0000-0000-000000000001"),
            "another audience" => Issue(audience: "api://gateway"),
            "expired" => Issue(minutesLeft: -2),
            "forged" => Issue(signing: TestIssuer.Rs256(other, TestIssuer.KeyId)),
            "no token" => "eyJ.e30.x",
            _ => new string('A', 9000),
        };

        Assert.Equal(HttpStatusCode.Unauthorized, await InferAsync(token));
    }

    [Fact]
    public async Task Request_TenantsLimitInItsHeader_IsHeld()
    {
        var token = Issue();
        using var body = new SlowBody();
        var first = SendAsync(token, body, maxRequests: "1");
        await body.Begun.WaitAsync(Token);

        using var second = await SendAsync(token, Body(), maxRequests: "1");
        body.End();
        using var answer = await first;

        Assert.Equal(HttpStatusCode.TooManyRequests, second.StatusCode);
        Assert.Contains("1 requests of this tenant", await second.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task Request_IssuerThatCannotBeAsked_AsksToTryAgain()
    {
        // Nobody listens on the port for discarding.
        await using var worker = await RunningWorker.StartAsync(
            "--Worker:EntraAuthority=http://127.0.0.1:9", $"--Worker:EntraAudience={Audience}", $"--Worker:EntraGateway={Gateway}");
        worker.Client.DefaultRequestHeaders.Add("Authorization", $"Bearer {Issue()}");

        using var response = await worker.Client.PostAsync("/v2/models/m/infer", Body(), Token);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
    }

    private const string Request = """{"inputs":[{"name":"x","shape":[1,2],"datatype":"FP32","data":[1,2]}]}""";

    private static StringContent Body() => new(Request, Encoding.UTF8, "application/json");

    private string Issue(string holder = Gateway, string audience = Audience, int minutesLeft = 10, SigningCredentials? signing = null)
    {
        var now = TimeProvider.System.GetUtcNow().UtcDateTime;
        return _issuer.Issue(new() { ["oid"] = holder }, audience, now.AddHours(-1), now.AddMinutes(minutesLeft), signing: signing);
    }

    private async Task<HttpStatusCode> InferAsync(string? token)
    {
        using var response = await SendAsync(token, Body());
        return response.StatusCode;
    }

    private async Task<HttpResponseMessage> SendAsync(string? token, HttpContent body, string? maxRequests = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v2/models/m/infer") { Content = body };
        if (token is not null)
            request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {token}");
        if (maxRequests is not null)
            request.Headers.Add("X-Inference-Max-Requests", maxRequests);
        return await _worker.Client.SendAsync(request, Token);
    }

    /// <summary>A body whose end is kept back.</summary>
    private sealed class SlowBody : HttpContent
    {
        private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _end = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public SlowBody() => Headers.ContentType = new("application/json");

        public Task Begun => _begun.Task;

        public void End() => _end.TrySetResult();

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            var bytes = Encoding.UTF8.GetBytes(Request);
            await stream.WriteAsync(bytes.AsMemory(0, 10));
            await stream.FlushAsync();
            // Long enough for the worker to have the head.
            await Task.Delay(300);
            _begun.TrySetResult();
            await _end.Task;
            await stream.WriteAsync(bytes.AsMemory(10));
        }

        protected override bool TryComputeLength(out long length)
        {
            length = Encoding.UTF8.GetByteCount(Request);
            return true;
        }
    }
}
