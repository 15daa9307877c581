using Serverless.FunctionsHost.Functions;
using Serverless.FunctionsHost.Rpc;
using Serverless.FunctionsHost.Rpc.Messages;
using Serverless.FunctionsHost.Settings;

namespace Serverless.FunctionsHost.Worker;

/// <summary>What a connected worker is asked before its first call: initialise, list the functions, load each.</summary>
internal sealed partial class WorkerHandshake(HostSettings settings, TimeProvider time, ILogger<WorkerHandshake> logger)
{
    public async Task<WorkerSession> RunAsync(WorkerProcess process, WorkerChannel channel, CancellationToken cancellationToken)
    {
        await channel.Connected.WaitAsync(cancellationToken);
        var httpUri = await InitializeAsync(channel, cancellationToken);
        var functions = await LoadAsync(channel, cancellationToken);
        await WorkerHttp.WaitUntilListeningAsync(httpUri, time, cancellationToken);
        return new WorkerSession(process.Id, channel, httpUri, functions);
    }

    private async Task<Uri> InitializeAsync(WorkerChannel channel, CancellationToken cancellationToken)
    {
        var request = new WorkerInitRequest
        {
            HostVersion = "4.0.0",
            WorkerDirectory = settings.AppDirectory,
            FunctionAppDirectory = settings.AppDirectory,
        };
        var reply = await channel.AskAsync(new StreamingMessage { WorkerInitRequest = request }, cancellationToken);
        Check(reply.WorkerInitResponse?.Result, "The worker failed to initialise");
        return reply.WorkerInitResponse!.Capabilities.TryGetValue("HttpUri", out var uri)
            ? new Uri(uri)
            : throw new HostConfigurationException(
                "The worker serves no HTTP of its own: the app must call ConfigureFunctionsWebApplication().");
    }

    private async Task<IReadOnlyList<FunctionDefinition>> LoadAsync(WorkerChannel channel, CancellationToken cancellationToken)
    {
        var request = new FunctionsMetadataRequest { FunctionAppDirectory = settings.AppDirectory };
        var reply = await channel.AskAsync(new StreamingMessage { FunctionsMetadataRequest = request }, cancellationToken);
        Check(reply.FunctionMetadataResponse?.Result, "The worker failed to list its functions");
        var loaded = new List<FunctionDefinition>();
        foreach (var metadata in reply.FunctionMetadataResponse!.FunctionMetadataResults.OrderBy(m => m.Name, StringComparer.Ordinal))
        {
            if (bool.TryParse(settings.App[$"AzureWebJobs.{metadata.Name}.Disabled"], out var disabled) && disabled)
            {
                LogDisabled(metadata.Name);
                continue;
            }

            var load = new FunctionLoadRequest { FunctionId = metadata.FunctionId, Metadata = metadata };
            var answer = await channel.AskAsync(new StreamingMessage { FunctionLoadRequest = load }, cancellationToken);
            Check(answer.FunctionLoadResponse?.Result, $"The worker failed to load the function {metadata.Name}");
            loaded.Add(new FunctionDefinition(metadata));
        }

        return loaded;
    }

    private static void Check(StatusResult? result, string what)
    {
        if (result?.Status != StatusResult.Types.Status.Success)
            throw new HostConfigurationException($"{what}: {result?.Exception?.Message ?? "no reason given"}");
    }

    [LoggerMessage(EventId = 1, Level = LogLevel.Information, Message = "Function {Name} is disabled by AzureWebJobs.{Name}.Disabled")]
    private partial void LogDisabled(string name);
}
