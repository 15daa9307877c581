using System.Net;
using System.Text.Json;
using Serverless.Contracts.Errors;
using Serverless.Contracts.Models;

namespace Serverless.Worker.Stages;

/// <summary>What it means to the caller of the whole model that a stage was not answered.</summary>
internal static class StageErrors
{
    // Messages are sentences; the rest of a longer one is of no use to anybody.
    private const int MaxBodyBytes = 8192;

    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(5);

    public static InferenceException Unreachable(ModelReference package, string place, Exception? error = null) => new(
        new InferenceError(
            ErrorKind.ModelUnavailable,
            $"The stage {package} cannot be reached: the workers '{place}' that serve it do not answer; retry later.", "model", RetryAfter),
        error);

    public static InferenceException Unreadable(ModelReference package, string place, InvalidDataException error) => new(
        ErrorKind.Internal, $"The workers '{place}' answered for the stage {package} what cannot be read: {error.Message}.", inner: error);

    /// <summary>What <paramref name="response"/> says went wrong.</summary>
    public static async ValueTask<InferenceException> ReadAsync(
        HttpResponseMessage response, ModelReference package, string place, CancellationToken cancellationToken)
    {
        var said = await MessageOfAsync(response, cancellationToken);
        var kind = KindOf(response.StatusCode);
        var message = response.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden
            ? $"The workers '{place}' do not let this one in to the stage {package}: both need the same Worker:GatewayKeys."
            : $"Stage {package} at '{place}': {said}";
        var wait = response.Headers.RetryAfter?.Delta ?? (ErrorTable.Of(kind).Retriable ? RetryAfter : null);
        return new InferenceException(new InferenceError(kind, message, RetryAfter: wait));
    }

    // That its worker does not know it, or does not know us, is no fault of the caller's.
    private static ErrorKind KindOf(HttpStatusCode status) => status switch
    {
        HttpStatusCode.BadRequest => ErrorKind.InvalidRequest,
        HttpStatusCode.RequestEntityTooLarge => ErrorKind.PayloadTooLarge,
        HttpStatusCode.TooManyRequests => ErrorKind.Overloaded,
        HttpStatusCode.NotImplemented => ErrorKind.NotImplemented,
        HttpStatusCode.GatewayTimeout => ErrorKind.DeadlineExceeded,
        HttpStatusCode.InternalServerError => ErrorKind.Internal,
        _ => ErrorKind.ModelUnavailable,
    };

    private static async ValueTask<string> MessageOfAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        try
        {
            await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
            var buffer = new byte[MaxBodyBytes];
            var length = await body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
            using var json = JsonDocument.Parse(buffer.AsMemory(0, length));
            if (json.RootElement.TryGetProperty("error", out var error) && error.GetString() is { } message)
                return message;
        }
        catch (Exception error) when (error is JsonException or IOException or HttpRequestException or InvalidOperationException)
        {
            // A proxy's page, say: the status has to do.
        }

        return $"it answered {(int)response.StatusCode}.";
    }
}
