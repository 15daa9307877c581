using System.Globalization;
using Serverless.SampleModels;
using Serverless.Topology.Layout;
using Serverless.Topology.Platform;
using Serverless.Topology.Processes;

namespace Serverless.Benchmarks.Burst.Lines;

/// <summary>
/// A worker's process from its start to its first vector, with the model in the local cache, beside the least program that loads the same
/// model. Both as they are published; the worker asks its storage for the manifest and takes messages from Service Bus, as in Azure.
/// </summary>
internal static class StartLine
{
    private const string Metric = "start_to_answer_vs_hello";
    private const string Request = $$"""{"model":"{{MiniLm.Name}}","input":"A burst begins with one request."}""";

    public static BurstLine Line { get; } = new(Metric, MeasureAsync);

    private static async Task<IReadOnlyList<Figure>> MeasureAsync(BurstBench bench, CancellationToken cancellationToken)
    {
        var worker = await WorkerAsync(bench, cancellationToken);
        var bare = await BareAsync(bench, cancellationToken);
        await FillCacheAsync(worker, cancellationToken);
        var (ours, baseline) = (new List<ColdAnswer>(), new List<ColdAnswer>());

        // Round -1 brings both programs' files into memory; it is not counted.
        for (var round = -1; round < bench.Options.Rounds; round++)
        {
            var answer = await worker(cancellationToken);
            if (answer.Timing.GetValueOrDefault("cached") <= 0)
                throw new InvalidRunException("the model did not come from the local cache.");
            var other = await bare(cancellationToken);
            if (round < 0)
                continue;
            ours.Add(answer);
            baseline.Add(other);
        }

        bench.Say($"worker: {Stages(ours)}");
        bench.Say($"bare: {Stages(baseline)}");
        var (took, least) = (Median(ours, answer => answer.Answered), Median(baseline, answer => answer.Answered));
        return
        [
            new Figure("burst", Metric, took / least, "ratio") { Model = MiniLm.Name, Ours = took, Baseline = least, N = bench.Options.Rounds },
            .. StageFigures(ours, bench.Options.Rounds),
        ];
    }

    private static async Task<Func<CancellationToken, Task<ColdAnswer>>> WorkerAsync(BurstBench bench, CancellationToken cancellationToken)
    {
        var emulators = await bench.EmulatorsAsync(cancellationToken);
        var assembly = await bench.PublishedAsync("functions/Serverless.Worker", cancellationToken);
        var options = PlatformOptions.Isolated(Path.Combine(bench.Folder, "worker-data"));
        options = options with { Ports = options.Ports with { Storage = emulators.Storage.Ports, ServiceBus = emulators.ServiceBus.Ports } };
        var command = Published(new PlatformCommands(Repository.Find(), options).Worker(), assembly);
        var request = ColdProcess.Post("/v1/embeddings", Request);
        return token => ColdProcess.RunAsync(command, options.Ports.Worker, request, token);
    }

    private static async Task<Func<CancellationToken, Task<ColdAnswer>>> BareAsync(BurstBench bench, CancellationToken cancellationToken)
    {
        var files = await bench.BareFilesAsync(cancellationToken);
        var assembly = await bench.PublishedAsync("tests/Serverless.BareServer", cancellationToken);
        var port = FreePorts.Pick(1)[0];
        string[] arguments = [assembly, port.ToString(CultureInfo.InvariantCulture), files.Graph, files.Vocabulary];
        var settings = new Dictionary<string, string> { ["ORT_DISABLE_TELEMETRY"] = "1" };
        var command = Published(
            new ServiceCommand("bare", "dotnet", arguments, bench.Folder, settings, new Uri($"http://127.0.0.1:{port}/")), assembly);
        var request = ColdProcess.Post("/", Request);
        return token => ColdProcess.RunAsync(command, port, request, token);
    }

    // As the images run it: the Dockerfile turns diagnostics off.
    private static ServiceCommand Published(ServiceCommand command, string assembly) => command with
    {
        Arguments = [assembly, .. command.Arguments.Skip(1)],
        WorkingDirectory = Path.GetDirectoryName(assembly)!,
        Environment = new Dictionary<string, string>(command.Environment) { ["DOTNET_EnableDiagnostics"] = "0" },
    };

    // A start that is killed right after its answer may not have kept the model yet.
    private static async Task FillCacheAsync(Func<CancellationToken, Task<ColdAnswer>> worker, CancellationToken cancellationToken)
    {
        for (var tries = 0; tries < 10; tries++)
        {
            if ((await worker(cancellationToken)).Timing.GetValueOrDefault("cached") > 0)
                return;
        }
    }

    private static IEnumerable<Figure> StageFigures(List<ColdAnswer> answers, int rounds) =>
        Names(answers).Where(name => name is not ("bytes" or "cached")).Select(name =>
            new Figure("burst", $"start_{name}_ms", Stage(answers, name), "ms") { Model = MiniLm.Name, N = rounds });

    private static string Stages(List<ColdAnswer> answers) => string.Create(
        CultureInfo.InvariantCulture,
        $"listening {Median(answers, answer => answer.Listening):0.0}, answered {Median(answers, answer => answer.Answered):0.0} ms; ")
        + string.Join(", ", Names(answers).Select(name => string.Create(CultureInfo.InvariantCulture, $"{name} {Stage(answers, name):0.0}")));

    private static IEnumerable<string> Names(List<ColdAnswer> answers) => answers[0].Timing.Keys;

    private static double Stage(List<ColdAnswer> answers, string name) =>
        Medians.Of([.. answers.Select(answer => answer.Timing.GetValueOrDefault(name))]);

    private static double Median(List<ColdAnswer> answers, Func<ColdAnswer, TimeSpan> time) =>
        Medians.Of([.. answers.Select(answer => time(answer).TotalMilliseconds)]);
}
