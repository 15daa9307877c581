using System.Text.RegularExpressions;
using Serverless.TestKit;
using Serverless.Topology.Layout;

namespace Serverless.Cli.Tests.Simulation;

public sealed class SimulateCommandTests : IDisposable
{
    private const string Head = "TIMESTAMP,ContextTokens,GeneratedTokens\n";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Simulate_TraceOfTheProject_AnswersAllAndCostsLessThanAlwaysOn()
    {
        var run = await InferRun.OfAsync("simulate", Path.Combine(Repository.Find().Root, "samples", "traces", "synthetic.csv"));

        Assert.Equal((0, ""), (run.ExitCode, run.Errors));
        Assert.Matches(@"Requests\s+│\s+3,000 ", run.Output);
        Assert.Matches(@"Answered\s+│\s+3,000 ", run.Output);
        Assert.Matches(@"Cost as a share of always on\s+│\s+[1-8]\d\.\d %", run.Output);
    }

    [Fact]
    public async Task Simulate_SameSeed_PrintsTheSameAndAnotherDoesNot()
    {
        string[] load = ["simulate", "--requests", "500", "--rate", "2"];

        var (one, same, other) = (
            await InferRun.OfAsync(load), await InferRun.OfAsync(load), await InferRun.OfAsync([.. load, "--seed", "2"]));

        Assert.Equal(Figures(one), Figures(same));
        Assert.NotEqual(Figures(one), Figures(other));
    }

    [Fact]
    public async Task Simulate_SavedTrace_GivesWhatTheMadeUpArrivalsGave()
    {
        var made = await InferRun.OfAsync("simulate", "--requests", "300", "--seed", "5", "--save-trace", _folder.File("t.csv"));

        var read = await InferRun.OfAsync("simulate", _folder.File("t.csv"), "--seed", "5");

        Assert.Equal(Figures(made), Figures(read));
    }

    [Fact]
    public async Task Simulate_Report_HoldsItsPicturesAndAsksNobody()
    {
        var trace = _folder.File("<b>&.csv");
        await File.WriteAllTextAsync(trace, Head + "2026-03-02 08:00:00,10,1\n", TestContext.Current.CancellationToken);

        var run = await InferRun.OfAsync("simulate", trace, "--report", _folder.File("report.html"));

        Assert.Equal((0, ""), (run.ExitCode, run.Errors));
        var page = await File.ReadAllTextAsync(_folder.File("report.html"), TestContext.Current.CancellationToken);
        var pictures = Regex.Matches(page, "src=\"data:image/png;base64,([^\"]+)\"");
        Assert.Equal(3, pictures.Count);
        Assert.All(pictures, picture => Assert.Equal(
            "PNG"u8.ToArray(), Convert.FromBase64String(picture.Groups[1].Value)[1..4]));
        Assert.DoesNotMatch("https?:|<script|<link", page);
        Assert.Contains("&lt;b&gt;&amp;.csv", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<b>", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Simulate_MessagesOfAQueue_AreFiguresAndAPictureOfTheirOwn()
    {
        string[] load = ["simulate", "--requests", "50", "--queue", "shards", "--seed", "5"];

        var made = await InferRun.OfAsync([.. load, "--save-trace", _folder.File("t.csv"), "--report", _folder.File("report.html")]);
        var read = await InferRun.OfAsync("simulate", _folder.File("t.csv"), "--seed", "5");

        Assert.Matches(@"Requests\s+│\s+0 ", made.Output);
        Assert.Matches(@"Messages done / left in their queues\s+│\s+50 / 0 ", made.Output);
        Assert.Contains("Message wait p50 / p99 / longest", made.Output, StringComparison.Ordinal);
        Assert.Equal(Figures(made).Split("Report")[0], Figures(read));
        var page = await File.ReadAllTextAsync(_folder.File("report.html"), TestContext.Current.CancellationToken);
        Assert.Contains("alt=\"Share of the messages by their wait\"", page, StringComparison.Ordinal);
        Assert.DoesNotContain("Share of the requests", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Simulate_ProfileAndRules_AreUsed()
    {
        var rules = await File.ReadAllTextAsync(Path.Combine(Repository.Find().Root, "infra", "scale.json"), TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(
            _folder.File("scale.json"), rules.Replace("\"minReplicas\": 0", "\"minReplicas\": 2", StringComparison.Ordinal), TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(
            _folder.File("profile.json"), """{"price":{"gpus":1,"perGpuSecond":1,"currency":"EUR"}}""", TestContext.Current.CancellationToken);

        var run = await InferRun.OfAsync("simulate", "--rules", _folder.File("scale.json"), "--profile", _folder.File("profile.json"));

        Assert.Matches(@"at the peak\s+│\s+2 / 2 ", run.Output);
        Assert.Contains("EUR", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Simulate_WrongFiles_NameWhatIsWrong()
    {
        await File.WriteAllTextAsync(_folder.File("bad.csv"), Head + "2026-03-02 08:00:00,10,1\nnever,1,1\n", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(_folder.File("bad.json"), "{}", TestContext.Current.CancellationToken);

        await FailsAsync("bad.csv, line 3: TIMESTAMP is \"never\"", _folder.File("bad.csv"));
        await FailsAsync("The queue \"play\" is not in the rules, which have inference, shards.", "--queue", "play");
        await FailsAsync("worker is missing", "--rules", _folder.File("bad.json"));
        await FailsAsync("absent.csv", _folder.File("absent.csv"));
        await FailsAsync("absent.json", "--profile", _folder.File("absent.json"));
        await FailsAsync("0 to 1000000 is allowed", "--rate", "-1");
        await FailsAsync("nothing would ever arrive", "--rate", "0", "--burst-every", "0");
        await FailsAsync("give no trace beside it", _folder.File("bad.csv"), "--save-trace", _folder.File("x.csv"));
    }

    private static async Task FailsAsync(string said, params string[] arguments)
    {
        var run = await InferRun.OfAsync(["simulate", .. arguments]);

        Assert.NotEqual(0, run.ExitCode);
        Assert.Contains(said, (run.Output + run.Errors).ReplaceLineEndings(""), StringComparison.Ordinal);
    }

    private static string Figures(InferRun run) => run.Output[..run.Output.IndexOf("Simulated", StringComparison.Ordinal)];
}
