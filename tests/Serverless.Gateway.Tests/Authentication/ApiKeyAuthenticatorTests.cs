using System.Security.Cryptography;
using System.Text;
using Azure.Data.Tables;
using Microsoft.Extensions.Options;
using Serverless.Contracts.Errors;
using Serverless.Gateway.Authentication;
using Serverless.Gateway.Authentication.Entra;
using Serverless.Gateway.Authentication.Keys;

namespace Serverless.Gateway.Tests.Authentication;

public sealed class ApiKeyAuthenticatorTests
{
    private readonly ApiKeyAuthenticator _authenticator = Create(("alice", "key-a", false), ("olga", "key-o", true));

    [Theory]
    [InlineData("Authorization", "Bearer key-a", "alice", false)]
    [InlineData("Authorization", "bearer key-a", "alice", false)]
    [InlineData("api-key", "key-a", "alice", false)]
    [InlineData("Authorization", "Bearer key-o", "olga", true)]
    public async Task Authenticate_KnownKey_NamesTheCaller(string header, string value, string name, bool isOperator)
    {
        var caller = await _authenticator.AuthenticateAsync(RequestWith(header, value));

        Assert.Equal(new Caller(name, isOperator ? Operations.All : Operations.Data), caller);
    }

    [Theory]
    [InlineData("Authorization", "Bearer wrong")]
    [InlineData("Authorization", "Bearer ")]
    [InlineData("Authorization", "Basic key-a")]
    [InlineData("api-key", "KEY-A")]
    [InlineData("x-other", "key-a")]
    public async Task Authenticate_UnknownOrMissingKey_IsUnauthenticated(string header, string value)
    {
        var exception = await Assert.ThrowsAsync<InferenceException>(async () => await _authenticator.AuthenticateAsync(RequestWith(header, value)));

        Assert.Equal(ErrorKind.Unauthenticated, exception.Error.Kind);
        Assert.DoesNotContain("wrong", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Authenticate_KeyOverTheLimit_IsUnauthenticated()
    {
        var longKey = new string('k', 513);
        var authenticator = Create(("long", longKey, false));

        await Assert.ThrowsAsync<InferenceException>(async () => await authenticator.AuthenticateAsync(RequestWith("api-key", longKey)));
    }

    [Fact]
    public async Task Authenticate_NoKeysConfigured_LetsNobodyIn()
    {
        var authenticator = Create();

        await Assert.ThrowsAsync<InferenceException>(async () => await authenticator.AuthenticateAsync(RequestWith("api-key", "anything")));
    }

    [Fact]
    public void Validate_WrongHashAndNoName_NamesTheSettings()
    {
        var options = new ApiKeyOptions { ApiKeys = { new ApiKey { Name = "a", Sha256 = Hash("a") }, new ApiKey { Sha256 = "abc" } } };

        var result = new ApiKeyOptionsValidator().Validate(null, options);

        Assert.Equal(2, result.Failures!.Count());
        Assert.Contains(result.Failures!, failure => failure.StartsWith("Gateway:ApiKeys:1:Name", StringComparison.Ordinal));
        Assert.Contains(result.Failures!, failure => failure.StartsWith("Gateway:ApiKeys:1:Sha256", StringComparison.Ordinal));
    }

    internal static ApiKeyAuthenticator Create(params (string Name, string Key, bool Operator)[] keys)
    {
        var options = new ApiKeyOptions();
        foreach (var (name, key, isOperator) in keys)
            options.ApiKeys.Add(new ApiKey { Name = name, Sha256 = Hash(key), Operator = isOperator });
        var ring = new KeyRing(new KeyTable(NoTables()), TimeProvider.System);
        return new ApiKeyAuthenticator(Options.Create(options), ring, new EntraTokens(Options.Create(new EntraOptions()), TimeProvider.System));
    }

    [Fact]
    public async Task Authenticate_KeysCannotBeRead_AsksToTryAgain()
    {
        var authenticator = Create(("test", "key", false));

        var error = await Assert.ThrowsAsync<InferenceException>(
            async () => await authenticator.AuthenticateAsync(RequestWith("Authorization", "Bearer " + KeyText.New())));

        Assert.Equal(503, error.Error.Status);
    }

    /// <summary>Tables behind a port where nothing listens: keys of configuration need none.</summary>
    internal static TableServiceClient NoTables() => new(
        new Uri("http://127.0.0.1:9/none"),
        new TableSharedKeyCredential("none", Convert.ToBase64String(new byte[32])),
        new TableClientOptions { Retry = { MaxRetries = 0 } });

    private static string Hash(string key) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(key)));

    private static HttpRequest RequestWith(string header, string value) =>
        new DefaultHttpContext { Request = { Headers = { [header] = value } } }.Request;
}
