using System.Globalization;
using Serverless.LoadGenerator;

namespace Serverless.Benchmarks.Serving;

/// <summary>What the lines of the suite share: models, servers, the generator, files of requests.</summary>
internal sealed class ServingBench(string folder, ServingOptions options, FigureWriter figures) : IAsyncDisposable
{
    // Above this a client's own cost hides the server's. Larger requests cost both sides the copying; theirs is not held to it.
    private const double MaxGeneratorMicroseconds = 10;

    // One request at a time is a sleep and a wake-up of the process each, which the batches of many connections share. What is compared
    // there is a latency, and both sides' holds the same wake-up.
    private const double MaxAloneMicroseconds = 25;
    private const int SmallBytes = 4 << 10;
    private const int Attempts = 3;

    private readonly Dictionary<string, string> _files = [];
    private BenchServers? _servers;

    public ServingOptions Options => options;

    public string Folder => folder;

    public ServingModels Models { get; } = new(folder);

    public BenchServers Servers => _servers ??= new BenchServers(Models, folder);

    public Generator Generator { get; } = new();

    public void Say(string what) => figures.Say(what);

    /// <summary>The file of these requests, written when first asked for.</summary>
    public string File(string name, Func<IEnumerable<byte[]>> requests)
    {
        if (!_files.TryGetValue(name, out var path))
        {
            path = _files[name] = Path.Combine(folder, name + ".requests");
            RequestSet.Write(path, requests());
        }

        return path;
    }

    /// <summary>Sends <paramref name="count"/> requests; every one must be answered with 200.</summary>
    /// <exception cref="InvalidRunException">One was not, or the generator took too much of the machine.</exception>
    public async Task<Load> LoadAsync(BenchServer server, string file, int connections, int count, CancellationToken cancellationToken)
    {
        var limit = connections == 1 ? MaxAloneMicroseconds : MaxGeneratorMicroseconds;
        for (var attempt = 1; ; attempt++)
        {
            var load = await TryLoadAsync(server, file, connections, count, cancellationToken);
            var isSmall = load.AnswerBytes <= SmallBytes && RequestFiles.Read(file).First().Length <= SmallBytes;
            if (!isSmall || load.GeneratorMicroseconds <= limit)
                return load;
            var spent = string.Create(CultureInfo.InvariantCulture, $"the generator took {load.GeneratorMicroseconds:0.0} µs per request");
            if (attempt == Attempts)
                throw new InvalidRunException($"{spent} of {limit:0} allowed, {Attempts} times over.");
            Say($"  invalid run against {server.Name} at {connections} connections, again: {spent}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_servers is not null)
            await _servers.DisposeAsync();
        Generator.Dispose();
    }

    private async Task<Load> TryLoadAsync(BenchServer server, string file, int connections, int count, CancellationToken cancellationToken)
    {
        var before = server.ProcessorSeconds();
        var result = await Generator.RunAsync(new LoadJob([new StreamJob(server.Port, file, connections, count)]), cancellationToken);
        var spent = server.ProcessorSeconds() - before;
        var stream = result.Streams[0];
        if (stream.Ok != count)
        {
            var statuses = string.Join(", ", stream.Statuses.Select(pair => $"{pair.Value} × {pair.Key}"));
            throw new InvalidRunException($"{server.Name} did not answer every request with 200: {statuses}.");
        }

        return new Load(
            stream.PerSecond, stream.P50, stream.P99, spent * 1e6 / count, result.GeneratorMicroseconds, stream.BytesPerAnswer);
    }
}
