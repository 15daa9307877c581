using System.Net;
using System.Text;
using Grpc.Core;
using Grpc.Net.Client;
using Serverless.Worker.Grpc.Protocol;
using Serverless.Worker.InProcess;

namespace Serverless.Worker.Tests.Authentication;

/// <summary>Every endpoint with every kind of token.</summary>
public sealed class GatewayOnlyTests(GuardedWorkerFixture fixture) : IClassFixture<GuardedWorkerFixture>
{
    private const string Infer = "/v2/models/m/infer";

    private static readonly string[] Open = ["/v2/health/live", "/v2/health/ready"];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("none", false)]
    [InlineData("empty", false)]
    [InlineData("forged", false)]
    [InlineData("expired", false)]
    [InlineData("from the future", false)]
    [InlineData("wrong audience", false)]
    [InlineData("other scheme", false)]
    [InlineData("very long", false)]
    [InlineData("good", true)]
    [InlineData("good, of the platform", true)]
    public async Task Request_ToEveryEndpoint_NeedsATokenOfTheGateway(string credential, bool good)
    {
        var header = HeaderOf(credential);
        var endpoints = Endpoints().ToList();
        Assert.True(endpoints.Count > 20, $"Only {endpoints.Count} endpoints were found.");
        foreach (var (method, path) in endpoints)
        {
            using var response = await SendAsync(method, path, header);

            var refused = response.StatusCode == HttpStatusCode.Unauthorized;
            Assert.True(refused == (!good && !Open.Contains(path)), $"{method} {path} with token '{credential}': {(int)response.StatusCode}");
        }
    }

    [Fact]
    public async Task Request_Refused_SaysTheSameWhateverIsWrong()
    {
        var answers = new HashSet<string>();
        foreach (var header in new[] { null, $"Bearer {Tokens.Forged}", $"Bearer {Tokens.Expired}", $"Bearer {Tokens.WrongAudience}" })
        {
            using var response = await SendAsync("POST", Infer, header);
            answers.Add($"{response.Headers.WwwAuthenticate} {await response.Content.ReadAsStringAsync(Token)}");
        }

        Assert.Equal("""Bearer {"error":"The worker takes requests from its gateway alone."}""", Assert.Single(answers));
    }

    [Fact]
    public async Task Request_WithTwoTokens_IsRefused()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Infer) { Content = Body() };
        request.Headers.TryAddWithoutValidation("Authorization", [$"Bearer {Tokens.Good()}", $"Bearer {Tokens.Good("other")}"]);

        using var response = await fixture.Worker.Client.SendAsync(request, Token);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    [Theory]
    [InlineData("/v2/health/live/")]
    [InlineData("/v2/health/LIVE")]
    [InlineData("/v2/health/live/../../models/m")]
    [InlineData("/v2/health/%6Cive%2F")]
    public async Task Request_ToWhatOnlyLooksLikeAProbe_OpensNothing(string path)
    {
        using var response = await SendAsync("GET", path, null);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    [Fact]
    public async Task Grpc_Call_NeedsATokenOfTheGateway()
    {
        using var channel = GrpcChannel.ForAddress(fixture.Worker.GrpcUrl);
        var client = new GRPCInferenceService.GRPCInferenceServiceClient(channel);
        var request = new RepositoryIndexRequest();

        foreach (var token in new[] { Tokens.Forged, Tokens.Expired, Tokens.WrongAudience })
        {
            var error = await Assert.ThrowsAsync<RpcException>(
                async () => await client.RepositoryIndexAsync(request, Headers(token), cancellationToken: Token));
            Assert.Equal(StatusCode.Unauthenticated, error.StatusCode);
        }

        var missing = await Assert.ThrowsAsync<RpcException>(async () => await client.RepositoryIndexAsync(request, cancellationToken: Token));
        Assert.Equal(StatusCode.Unauthenticated, missing.StatusCode);
        var answer = await client.RepositoryIndexAsync(request, Headers(Tokens.Good()), cancellationToken: Token);
        Assert.Contains(answer.Models, model => model.Name == "m");
    }

    [Fact]
    public async Task LocalRequest_OfAQueue_NeedsNone()
    {
        var requests = fixture.Worker.Services.GetRequiredService<LocalRequests>();

        var answer = await requests.PostAsync(Infer, Encoding.UTF8.GetBytes(Request), new Dictionary<string, string>(), Token);

        Assert.Equal(StatusCodes.Status200OK, answer.Status);
    }

    private const string Request = """{"inputs":[{"name":"x","shape":[1,2],"datatype":"FP32","data":[1,2]}]}""";

    // As they are mapped, and the one that is taken before routing.
    private IEnumerable<(string Method, string Path)> Endpoints() =>
        fixture.Worker.Routes
            .Where(route => route.RoutePattern.RawText!.StartsWith("/v", StringComparison.Ordinal) || route.RoutePattern.RawText == "/openapi.json")
            .SelectMany(route => route.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods
                .Select(method => (method, PathOf(route.RoutePattern.RawText!))))
            .Append(("POST", Infer));

    // By name: a token does not outlive the process that lists the tests.
    private static string? HeaderOf(string credential) => credential switch
    {
        "none" => null,
        "empty" => "",
        "forged" => $"Bearer {Tokens.Forged}",
        "expired" => $"Bearer {Tokens.Expired}",
        "from the future" => $"Bearer {Tokens.FromTheFuture}",
        "wrong audience" => $"Bearer {Tokens.WrongAudience}",
        "other scheme" => $"Basic {Tokens.Good()}",
        "very long" => $"Bearer {new string('A', 8000)}",
        "good, of the platform" => $"Bearer {Tokens.Good(null)}",
        _ => $"Bearer {Tokens.Good()}",
    };

    private static string PathOf(string pattern) =>
        string.Join('/', pattern.Split('/').Select(segment => segment switch
        {
            _ when !segment.StartsWith('{') => segment,
            _ when segment.Contains("version", StringComparison.OrdinalIgnoreCase) => "1",
            _ => "m",
        }));

    private static StringContent Body() => new(Request, Encoding.UTF8, "application/json");

    private static Metadata Headers(string token) => new() { { "Authorization", $"Bearer {token}" } };

    private async Task<HttpResponseMessage> SendAsync(string method, string path, string? header)
    {
        using var request = new HttpRequestMessage(HttpMethod.Parse(method), path);
        if (method != "GET")
            request.Content = Body();
        if (header is not null)
            request.Headers.TryAddWithoutValidation("Authorization", header);
        return await fixture.Worker.Client.SendAsync(request, Token);
    }
}
