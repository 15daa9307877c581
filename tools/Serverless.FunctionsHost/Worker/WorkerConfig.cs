using System.Text.Json;
using Serverless.FunctionsHost.Settings;

namespace Serverless.FunctionsHost.Worker;

/// <summary>How to start the app's worker, from its worker.config.json.</summary>
internal sealed record WorkerConfig(string Executable, string WorkerPath)
{
    public static WorkerConfig Read(string appDirectory)
    {
        var path = Path.Combine(appDirectory, "worker.config.json");
        if (!File.Exists(path))
            throw new HostConfigurationException($"{path} is missing: --app must name the build output of an isolated worker app.");
        using var document = JsonDocument.Parse(File.ReadAllText(path));
        if (!document.RootElement.TryGetProperty("description", out var description)
            || !description.TryGetProperty("defaultWorkerPath", out var worker)
            || worker.GetString() is not { Length: > 0 } workerPath)
            throw new HostConfigurationException($"{path}: description.defaultWorkerPath is missing.");
        var executable = description.TryGetProperty("defaultExecutablePath", out var e) ? e.GetString() : null;
        return new WorkerConfig(executable ?? "dotnet", Path.Combine(appDirectory, workerPath));
    }
}
