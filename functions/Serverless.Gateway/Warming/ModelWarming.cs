using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using Microsoft.Extensions.Options;
using Serverless.Contracts.Models;
using Serverless.Gateway.Forwarding;
using Serverless.Gateway.Forwarding.Access;
using Serverless.Gateway.Holding;

namespace Serverless.Gateway.Warming;

/// <summary>
/// Wakes a replica and has it load models ahead of their requests. A model is loaded once, however many ask; the load goes on when they
/// leave.
/// </summary>
internal sealed class ModelWarming(
    WakeUp wakeUp, ReplicaState state, WorkerClient worker, WorkerAccess access, IOptions<HoldingOptions> options, TimeProvider time)
{
    private const int MaxTries = 3;
    private const int MaxErrorBytes = 64 << 10;

    private readonly ConcurrentDictionary<string, Lazy<Task<Warmth>>> _loading = new(StringComparer.Ordinal);

    /// <summary>Completes when <paramref name="model"/> is ready on a replica, or cannot be; with null when a replica is awake.</summary>
    public Task<Warmth> WarmAsync(ModelReference? model)
    {
        var key = model?.ToString() ?? "";
        return _loading.GetOrAdd(key, _ => new Lazy<Task<Warmth>>(() => Task.Run(() => RunAsync(key)))).Value;
    }

    private async Task<Warmth> RunAsync(string key)
    {
        var started = time.GetTimestamp();
        using var limit = new CancellationTokenSource(options.Value.MaxWait, time);
        string? error;
        try
        {
            error = await TryAsync(key, limit.Token);
        }
        catch (Exception exception) when (exception is TimeoutException or OperationCanceledException)
        {
            error = $"It was not ready within {options.Value.MaxWait.TotalSeconds:0.#} s.";
        }
        finally
        {
            _loading.TryRemove(key, out _);
        }

        return new Warmth(error, time.GetElapsedTime(started));
    }

    private async Task<string?> TryAsync(string key, CancellationToken cancellationToken)
    {
        var error = "";
        for (var tries = 0; tries < MaxTries; tries++)
        {
            if (!state.IsWarm)
                await wakeUp.WaitAsync(options.Value.MaxWait, cancellationToken);
            if (key.Length == 0)
                return null;
            try
            {
                using var request = new HttpRequestMessage(HttpMethod.Post, $"{worker.BaseUrl}/v2/repository/models/{key}/load")
                {
                    Version = HttpVersion.Version20,
                    VersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
                };
                await access.AuthorizeAsync(request, tenant: null);
                using var response = await worker.Invoker.SendAsync(request, cancellationToken);
                if (!IngressAnswer.Is(response))
                {
                    state.Answered();
                    return response.IsSuccessStatusCode ? null : await ErrorOfAsync(response, cancellationToken);
                }

                error = $"The ingress before the worker answered {(int)response.StatusCode}.";
            }
            catch (HttpRequestException)
            {
                error = "The replica was lost while it loaded the model.";
            }

            state.Lost();
        }

        return error;
    }

    private static async Task<string> ErrorOfAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        try
        {
            await response.Content.LoadIntoBufferAsync(MaxErrorBytes, cancellationToken);
            using var body = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync(cancellationToken));
            return body.RootElement.GetProperty("error").GetString()!;
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException or InvalidOperationException or HttpRequestException)
        {
            return $"The worker answered {(int)response.StatusCode}.";
        }
    }
}
