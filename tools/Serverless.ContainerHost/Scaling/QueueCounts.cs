using Azure;
using Azure.Messaging.ServiceBus;
using Azure.Messaging.ServiceBus.Administration;
using Microsoft.Extensions.Options;
using Serverless.ContainerHost.Settings;
using Serverless.Scaling;

namespace Serverless.ContainerHost.Scaling;

/// <summary>How many messages wait in each queue of the rules, read as KEDA reads it. What cannot be read stays as it was.</summary>
internal sealed partial class QueueCounts(WorkerScale rules, IOptions<ContainerHostOptions> options, ILogger<QueueCounts> logger)
{
    // The next look is near: there is no use in trying again.
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    private readonly ServiceBusAdministrationClient? _client = ClientOf(options.Value.ServiceBusAdministration);
    private volatile IReadOnlyDictionary<string, long> _latest = new Dictionary<string, long>();
    private bool _failed;

    /// <summary>Active messages by queue.</summary>
    public IReadOnlyDictionary<string, long> Latest => _latest;

    /// <summary>Looks again.</summary>
    public async Task RefreshAsync(CancellationToken cancellationToken)
    {
        if (_client is null)
            return;
        try
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            limit.CancelAfter(Limit);
            var found = await Task.WhenAll(rules.Queues.Keys.Select(queue => CountAsync(_client, queue, limit.Token)));
            _latest = found.ToDictionary(pair => pair.Queue, pair => pair.Active);
            _failed = false;
        }
        catch (Exception e) when (e is ServiceBusException or RequestFailedException or HttpRequestException or OperationCanceledException
            && !cancellationToken.IsCancellationRequested)
        {
            // Once, not at every beat for as long as it lasts.
            if (!_failed)
                LogFailed(e.Message);
            _failed = true;
        }
    }

    private static async Task<(string Queue, long Active)> CountAsync(
        ServiceBusAdministrationClient client, string queue, CancellationToken cancellationToken) =>
        (queue, (await client.GetQueueRuntimePropertiesAsync(queue, cancellationToken)).Value.ActiveMessageCount);

    private static ServiceBusAdministrationClient? ClientOf(string? connection) => string.IsNullOrEmpty(connection)
        ? null
        : new ServiceBusAdministrationClient(connection, new ServiceBusAdministrationClientOptions { Retry = { MaxRetries = 0 } });

    [LoggerMessage(EventId = 1, Level = LogLevel.Warning, Message = "The queues could not be asked, their last counts stay: {Reason}")]
    private partial void LogFailed(string reason);
}
