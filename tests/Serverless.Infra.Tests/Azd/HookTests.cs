using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Serverless.Contracts.Trust;
using Serverless.TestKit;

namespace Serverless.Infra.Tests.Azd;

/// <summary>The hooks with stand-ins for the programs that they call, which write down how they were called.</summary>
public sealed class HookTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public HookTests()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The hooks under test are for POSIX shells.");
        Directory.CreateDirectory(_folder.File("bin"));
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Preprovision_FirstTime_MakesKeysAndGivesAHash()
    {
        Stand("azd", "true");

        var result = await RunAsync("preprovision.sh");

        Assert.Equal(0, result.ExitCode);
        var calls = Calls().Select(call => call.Split(' ', 5)).Where(call => call[1] == "env")
            .ToDictionary(call => call[3], call => call[4]);
        var apiKey = JsonNode.Parse(calls["API_KEYS"])![0]!;
        Assert.Equal(64, calls["INFER_API_KEY"].Length);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(calls["INFER_API_KEY"]))), (string)apiKey["sha256"]!);
        Assert.True((bool)apiKey["operator"]!);
        Assert.NotNull(GatewayKey.Parse(calls["WORKER_KEY"]));
        Assert.Matches("^[0-9]{4}-[0-9]{2}-01$", calls["BUDGET_START_DATE"]);
    }

    [Fact]
    public async Task Preprovision_Again_ChangesNothing()
    {
        Stand("azd", "true");

        await RunAsync("preprovision.sh", ("INFER_API_KEY", "known"), ("WORKER_KEY", "known"), ("BUDGET_START_DATE", "2026-01-01"));

        Assert.Empty(Calls());
    }

    [Fact]
    public async Task Postdeploy_WithTheModelThere_PushesNothing()
    {
        Stand("dotnet", "true");

        var result = await RunAsync("postdeploy.sh");

        Assert.Equal(0, result.ExitCode);
        Assert.Equal("dotnet run --project tools/Serverless.Cli -- model show minilm", Assert.Single(Calls()));
    }

    [Fact]
    public async Task Postdeploy_WhileRolesSpread_TriesAgain()
    {
        // Fails twice for `show`, once for `push`.
        Stand("dotnet", $"[ \"$(wc -l <'{_folder.File("calls")}')\" -ge 4 ]");

        var result = await RunAsync("postdeploy.sh", ("PUSH_PAUSE", "0"));

        Assert.Equal(0, result.ExitCode);
        Assert.Equal(["show", "push", "show", "push"], Calls().Select(call => call.Split(' ')[^2]));
    }

    [Fact]
    public async Task Postdeploy_WithoutStorage_SaysWhatToDo()
    {
        Stand("dotnet", "false");

        var result = await RunAsync("postdeploy.sh", ("PUSH_PAUSE", "0"), ("PUSH_ATTEMPTS", "2"));

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("infer model push minilm", result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Postdeploy_WithGrafana_ImportsEveryDashboard()
    {
        Stand("dotnet", "true");
        Stand("az", "true");

        await RunAsync("postdeploy.sh", ("GRAFANA_NAME", "amg"), ("AZURE_RESOURCE_GROUP", "rg"));

        var dashboards = Directory.EnumerateFiles(Tree.PathOf("infra/monitoring/dashboards"), "*.json").Count();
        Assert.True(dashboards >= 3);
        Assert.Equal(dashboards,
            Calls().Count(call => call.StartsWith("az grafana dashboard import --name amg --resource-group rg", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Scripts_OfThisProject_PassShellcheck()
    {
        var shellcheck = DebianPackage.Require("shellcheck", "shellcheck");

        var result = await Command.RunAsync(shellcheck, "infra/hooks/preprovision.sh", "infra/hooks/postdeploy.sh", ".ci/run");

        Assert.Equal("", result.All);
    }

    private void Stand(string program, string end)
    {
        var path = _folder.File($"bin/{program}");
        File.WriteAllText(path, $"#!/bin/sh\necho \"{program} $*\" >>'{_folder.File("calls")}'\n{end}\n");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    private string[] Calls() => File.Exists(_folder.File("calls")) ? File.ReadAllLines(_folder.File("calls")) : [];

    private Task<CommandResult> RunAsync(string hook, params (string Name, string Value)[] environment)
    {
        var variables = environment.ToDictionary(pair => pair.Name, pair => pair.Value);
        variables["PATH"] = $"{_folder.File("bin")}:{Environment.GetEnvironmentVariable("PATH")}";
        return Command.RunInAsync(Tree.Repository.Root, variables, "/bin/sh", $"infra/hooks/{hook}");
    }
}
