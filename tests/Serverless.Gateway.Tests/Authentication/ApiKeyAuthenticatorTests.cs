using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using Serverless.Contracts.Errors;
using Serverless.Gateway.Authentication;

namespace Serverless.Gateway.Tests.Authentication;

public sealed class ApiKeyAuthenticatorTests
{
    private readonly ApiKeyAuthenticator _authenticator = Create(("alice", "key-a", false), ("olga", "key-o", true));

    [Theory]
    [InlineData("Authorization", "Bearer key-a", "alice", false)]
    [InlineData("Authorization", "bearer key-a", "alice", false)]
    [InlineData("api-key", "key-a", "alice", false)]
    [InlineData("Authorization", "Bearer key-o", "olga", true)]
    public void Authenticate_KnownKey_NamesTheCaller(string header, string value, string name, bool isOperator)
    {
        var caller = _authenticator.Authenticate(RequestWith(header, value));

        Assert.Equal(new Caller(name, isOperator), caller);
    }

    [Theory]
    [InlineData("Authorization", "Bearer wrong")]
    [InlineData("Authorization", "Bearer ")]
    [InlineData("Authorization", "Basic key-a")]
    [InlineData("api-key", "KEY-A")]
    [InlineData("x-other", "key-a")]
    public void Authenticate_UnknownOrMissingKey_IsUnauthenticated(string header, string value)
    {
        var exception = Assert.Throws<InferenceException>(() => _authenticator.Authenticate(RequestWith(header, value)));

        Assert.Equal(ErrorKind.Unauthenticated, exception.Error.Kind);
        Assert.DoesNotContain("wrong", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Authenticate_KeyOverTheLimit_IsUnauthenticated()
    {
        var longKey = new string('k', 513);
        var authenticator = Create(("long", longKey, false));

        Assert.Throws<InferenceException>(() => authenticator.Authenticate(RequestWith("api-key", longKey)));
    }

    [Fact]
    public void Authenticate_NoKeysConfigured_LetsNobodyIn()
    {
        var authenticator = Create();

        Assert.Throws<InferenceException>(() => authenticator.Authenticate(RequestWith("api-key", "anything")));
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
        return new ApiKeyAuthenticator(Options.Create(options));
    }

    private static string Hash(string key) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(key)));

    private static HttpRequest RequestWith(string header, string value) =>
        new DefaultHttpContext { Request = { Headers = { [header] = value } } }.Request;
}
