using System.Text.Json;

namespace Serverless.LoadGenerator;

/// <summary>Jobs come in as lines of JSON and results leave as lines of JSON, so that one warm process serves a whole suite.</summary>
internal static class GeneratorProgram
{
    public static int Run(TextReader jobs, TextWriter results)
    {
        if (!OperatingSystem.IsLinux())
        {
            Console.Error.WriteLine("The load generator is made for Linux: it waits with epoll.");
            return 2;
        }

        while (jobs.ReadLine() is { } line)
        {
            results.WriteLine(JsonSerializer.Serialize(RunOne(line)));
            results.Flush();
        }

        return 0;
    }

    private static LoadResult RunOne(string line)
    {
        try
        {
            var job = JsonSerializer.Deserialize<LoadJob>(line) ?? throw new InvalidDataException("The job is null.");
            using var run = new LoadRun(job);
            return run.Run();
        }
#pragma warning disable CA1031 // Whatever goes wrong with one job is its result; the next one has its own chance.
        catch (Exception error)
#pragma warning restore CA1031
        {
            return new LoadResult([], 0, 0, $"{error.GetType().Name}: {error.Message}");
        }
    }
}
