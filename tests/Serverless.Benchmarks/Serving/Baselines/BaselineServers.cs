using System.Globalization;

namespace Serverless.Benchmarks.Serving.Baselines;

/// <summary>Starts the server that its arguments name.</summary>
internal static class BaselineServers
{
    /// <summary>The first argument of such a process: <c>baseline echo PORT</c>, <c>baseline naive PORT THREADS FOLDER</c>.</summary>
    public const string Verb = "baseline";

    public const string Echo = "echo";

    public const string Naive = "naive";

    public static async Task<int> RunAsync(IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        var url = $"http://127.0.0.1:{arguments[1]}";
        switch (arguments[0])
        {
            case Echo:
                await EchoServer.RunAsync(url, cancellationToken);
                return 0;
            case Naive:
                await NaiveServer.RunAsync(url, int.Parse(arguments[2], CultureInfo.InvariantCulture), arguments[3], cancellationToken);
                return 0;
            default:
                throw new ArgumentException($"There is no baseline '{arguments[0]}'.");
        }
    }
}
