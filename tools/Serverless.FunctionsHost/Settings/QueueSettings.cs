namespace Serverless.FunctionsHost.Settings;

/// <summary>host.json's extensions.queues, with the defaults of the Functions host.</summary>
internal sealed record QueueSettings
{
    /// <summary>Messages per receive, 1 to 32.</summary>
    public int BatchSize { get; init; } = 16;

    /// <summary>The next batch is fetched when no more than this many are still running; so at most both numbers together run.</summary>
    public int NewBatchThreshold { get; init; } = DefaultThreshold(16);

    /// <summary>Runs of one message before it goes to the poison queue.</summary>
    public int MaxDequeueCount { get; init; } = 5;

    /// <summary>How long a message stays hidden after a failed run.</summary>
    public TimeSpan VisibilityTimeout { get; init; } = TimeSpan.Zero;

    /// <summary>The longest pause between two looks into an empty queue.</summary>
    public TimeSpan MaxPollingInterval { get; init; } = TimeSpan.FromMinutes(1);

    public QueueMessageFormat Encoding { get; init; } = QueueMessageFormat.Base64;

    public static QueueSettings Read(HostJsonSection queues)
    {
        var batchSize = queues.Number("batchSize", 16, 1, 32);
        return new QueueSettings
        {
            BatchSize = batchSize,
            NewBatchThreshold = queues.Number("newBatchThreshold", DefaultThreshold(batchSize), 0, 1000),
            MaxDequeueCount = queues.Number("maxDequeueCount", 5, 1, int.MaxValue),
            VisibilityTimeout = queues.Duration("visibilityTimeout", TimeSpan.Zero, TimeSpan.FromDays(7)),
            MaxPollingInterval = queues.Duration("maxPollingInterval", TimeSpan.FromMinutes(1), TimeSpan.FromHours(1)),
            Encoding = queues.Text("messageEncoding") switch
            {
                null => QueueMessageFormat.Base64,
                var e when e.Equals("base64", StringComparison.OrdinalIgnoreCase) => QueueMessageFormat.Base64,
                var e when e.Equals("none", StringComparison.OrdinalIgnoreCase) => QueueMessageFormat.None,
                _ => throw queues.Invalid("messageEncoding", "must be \"base64\" or \"none\""),
            },
        };
    }

    private static int DefaultThreshold(int batchSize) => batchSize / 2 * Environment.ProcessorCount;
}
