using System.Diagnostics;
using Serverless.Topology.Layout;
using Serverless.Topology.Processes;

namespace Serverless.EndToEnd.Tests;

/// <summary>The <c>infer</c> command as a process of its own.</summary>
public sealed class CliTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Demo_OnThisMachine_FindsEveryAnswerRight()
    {
        await using var demo = await ServiceProcess.StartAsync(Infer("demo"));

        await demo.Exited.WaitAsync(TimeSpan.FromSeconds(100), Token);

        var output = string.Join('\n', demo.Output);
        Assert.True(demo.Output.Contains("[exit code 0]"), output);
        Assert.Contains("Every answer was right.", output, StringComparison.Ordinal);
        Assert.DoesNotContain("WRONG", output, StringComparison.Ordinal);
        Assert.Matches("total +│ 0\\.0", output);
        // The burst's stages: the replica's start, the wait at the gateway and for one's turn, and all 200 requests.
        Assert.Contains("The burst by stage", output, StringComparison.Ordinal);
        Assert.Matches("a replica's start until it is ready +│ +[1-9]", output);
        Assert.Matches("Server-Timing: gateway-hold +│ +[1-9]", output);
        Assert.Matches("Server-Timing: queue +│ +200 ", output);
        Assert.Matches("the whole request +│ +200 ", output);
    }

    [Fact]
    public async Task Demo_Killed_LeavesNoProcessBehind()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the parent-death signal is Linux's");
        await using var demo = await ServiceProcess.StartAsync(Infer("demo", "--logs"));
        await Wait.ForAsync(
            () => Task.FromResult(demo.Output.Any(line => line.Contains("Push MiniLM", StringComparison.Ordinal)) ? demo : null), "The demo's start");
        var children = DescendantsOf(demo.Id);

        await demo.KillAsync();

        Assert.True(children.Count >= 4, $"Azurite, worker, host and gateway were expected, found {children.Count}");
        await Wait.ForAsync(() => Task.FromResult(children.All(IsGone) ? children : null), "The end of the demo's processes");
    }

    private static ServiceCommand Infer(params string[] arguments)
    {
        var folder = Repository.Find().OutputOf("tools/Serverless.Cli");
        return new ServiceCommand(
            "infer", "dotnet", [Path.Combine(folder, "infer.dll"), .. arguments], folder, new Dictionary<string, string>(), new Uri("http://localhost"));
    }

    private static List<int> DescendantsOf(int process)
    {
        var parents = Directory.EnumerateDirectories("/proc")
            .Select(Path.GetFileName)
            .Where(name => int.TryParse(name, out _))
            .Select(name => (Id: int.Parse(name!, System.Globalization.CultureInfo.InvariantCulture), Parent: ParentOf(name!)))
            .ToList();
        var found = new List<int>();
        var next = new Queue<int>([process]);
        while (next.TryDequeue(out var parent))
        {
            foreach (var child in parents.Where(pair => pair.Parent == parent))
            {
                found.Add(child.Id);
                next.Enqueue(child.Id);
            }
        }

        return found;
    }

    private static int ParentOf(string process)
    {
        try
        {
            // Fields after the command's closing parenthesis: state, parent (proc(5)).
            var fields = File.ReadAllText($"/proc/{process}/stat").Split(')')[^1].Split(' ');
            return int.Parse(fields[2], System.Globalization.CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return 0;
        }
    }

    private static bool IsGone(int process)
    {
        try
        {
            using var found = Process.GetProcessById(process);
            return found.HasExited;
        }
        catch (ArgumentException)
        {
            return true;
        }
    }
}
