using Serverless.Worker.Configuration;

namespace Serverless.Worker.Tests.Configuration;

public sealed class WorkerOptionsValidatorTests
{
    public static TheoryData<string, Action<object>> Broken() => new()
    {
        { "Worker:Url must be a loopback", options => ((WorkerOptions)options).Url = "http://10.0.0.1:8080" },
        { "Worker:Url must be a loopback", options => ((WorkerOptions)options).Url = "http://[::]:8080" },
        { "Worker:Url must be a loopback", options => ((WorkerOptions)options).Url = "http://localhost.example.com:8080" },
        { "Worker:GrpcUrl must be a loopback", options => ((WorkerOptions)options).GrpcUrl = "http://10.0.0.1:8082" },
        { "Worker:Url is not", options => ((WorkerOptions)options).Url = "https://127.0.0.1:8080" },
        { "Worker:GatewayKeys:0 must be base64 of 32 bytes", options => ((WorkerOptions)options).GatewayKeys = ["c2hvcnQ="] },
        { "Worker:EntraAuthority must be an https URL", options => ((WorkerOptions)options).EntraAuthority = new("http://issuer.example") },
        { "Worker:EntraAudience is missing", options => ((WorkerOptions)options).EntraAuthority = new("https://issuer.example") },
        { "Worker:EntraGateway must be the object id", options => ((WorkerOptions)options).EntraAuthority = new("https://issuer.example") },
        { "exclude each other", options => Entra((WorkerOptions)options).GatewayKeys = [Contracts.Trust.GatewayKey.Create()] },
        { "Worker:MaxBodyBytes must be", options => ((WorkerOptions)options).MaxBodyBytes = 3_000_000_000 },
        { "Worker:ExecutionProviders holds 'gpu'", options => ((WorkerOptions)options).ExecutionProviders = ["gpu"] },
        { "Worker:RequireGpu is set", options => ((WorkerOptions)options).RequireGpu = true },
        { "Worker:MaxLoadedModels must be", options => ((WorkerOptions)options).MaxLoadedModels = 0 },
        { "Worker:MemoryBudgetBytes must be", options => ((WorkerOptions)options).MemoryBudgetBytes = 1000 },
        { "Worker:CacheBytes must be", options => ((WorkerOptions)options).CacheBytes = 0 },
        { "Worker:Preload:1 must be", options => ((WorkerOptions)options).Preload = ["minilm:prod", "Not A Name"] },
        { "Worker:Pinned:0 must be", options => ((WorkerOptions)options).Pinned = ["minilm:prod"] },
        { "Worker:Stages:0:Name must match", options => ((WorkerOptions)options).Stages = [new() { Name = "Second", Url = "http://s:8080" }] },
        { "Worker:Stages:0:Url is not the URL", options => ((WorkerOptions)options).Stages = [new() { Name = "s", Url = "http://s:8080/v2" }] },
        {
            "Worker:Stages:1:Name is 's', which is there already",
            options => ((WorkerOptions)options).Stages = [new() { Name = "s", Url = "http://s" }, new() { Name = "s", Url = "http://t" }]
        },
        { "Worker:RequestTimeout must be", options => ((WorkerOptions)options).RequestTimeout = TimeSpan.Zero },
    };

    [Theory]
    [MemberData(nameof(Broken))]
    public void Validate_SettingThatCannotWork_NamesItsPath(string message, Action<object> change)
    {
        var options = new WorkerOptions();
        change(options);

        var result = new WorkerOptionsValidator().Validate(null, options);

        Assert.Contains(message, result.FailureMessage, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://127.0.0.1:8080")]
    [InlineData("http://localhost:8080")]
    [InlineData("http://[::1]:0")]
    public void Validate_Loopback_IsTaken(string url) =>
        Assert.True(new WorkerOptionsValidator().Validate(null, new WorkerOptions { Url = url }).Succeeded);

    [Fact]
    public void Validate_TrustedNetwork_TakesEveryAddress() =>
        Assert.True(new WorkerOptionsValidator().Validate(null, new WorkerOptions { Url = "http://0.0.0.0:8080", TrustNetwork = true }).Succeeded);

    [Fact]
    public void Validate_KeysOfTheGateway_TakesEveryAddress() =>
        Assert.True(new WorkerOptionsValidator().Validate(
            null, new WorkerOptions { Url = "http://0.0.0.0:8080", GatewayKeys = [Contracts.Trust.GatewayKey.Create()] }).Succeeded);

    [Fact]
    public void Validate_IdentityOfTheGateway_TakesEveryAddress() =>
        Assert.True(new WorkerOptionsValidator().Validate(null, Entra(new WorkerOptions { Url = "http://0.0.0.0:8080" })).Succeeded);

    private static WorkerOptions Entra(WorkerOptions options)
    {
        options.EntraAuthority = new("https://issuer.example");
        (options.EntraAudience, options.EntraGateway) = ("audience", "6f9619ff-8b86-d011-b42d-00c04fc964ff");
        return options;
    }
}
