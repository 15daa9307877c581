using Azure;
using Azure.Storage.Blobs;
using Microsoft.Extensions.Logging;
using Serverless.Contracts.Storage;

namespace Serverless.Gateway.Health;

/// <summary>Whether the gateway can do its work: whether the storage account answers.</summary>
internal sealed partial class ReadinessProbe(BlobServiceClient storage, TimeProvider time, ILogger<ReadinessProbe> logger) : IDisposable
{
    // The probe is open to strangers: however often it is asked, storage is asked once in this time.
    private static readonly TimeSpan Validity = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim _one = new(1, 1);
    private DateTimeOffset _asked = DateTimeOffset.MinValue;
    private bool _ready;

    public async Task<bool> IsReadyAsync(CancellationToken cancellationToken)
    {
        await _one.WaitAsync(cancellationToken);
        try
        {
            if (time.GetUtcNow() - _asked < Validity)
                return _ready;
            _ready = await AskAsync();
            _asked = time.GetUtcNow();
            return _ready;
        }
        finally
        {
            _one.Release();
        }
    }

    public void Dispose() => _one.Dispose();

    private async Task<bool> AskAsync()
    {
        using var limit = new CancellationTokenSource(Limit, time);
        try
        {
            // Any answer will do: before the first model is pushed the container does not exist.
            await storage.GetBlobContainerClient(BlobContainers.Models).ExistsAsync(limit.Token);
            return true;
        }
        catch (Exception exception) when (exception is RequestFailedException or OperationCanceledException or AggregateException)
        {
            LogUnreachable(exception);
            return false;
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "The storage account does not answer")]
    private partial void LogUnreachable(Exception exception);
}
