using System.Text.Json;
using Serverless.Cli.Api;

namespace Serverless.Cli.Top;

/// <summary>One part of what is shown, or why it cannot be.</summary>
/// <param name="Value">What was read; null when it could not be.</param>
/// <param name="Problem">Why not, for people.</param>
internal sealed record Part<T>(T? Value, string? Problem = null)
    where T : class
{
    /// <summary>Reads a part; what can go wrong on the way there spoils no other.</summary>
    public static async Task<Part<T>> ReadAsync(Func<Task<T>> read, CancellationToken cancellationToken)
    {
        try
        {
            return new Part<T>(await read());
        }
        catch (ApiException exception)
        {
            return new Part<T>(null, $"the API answered {exception.Status}: {exception.Message}");
        }
        catch (Exception exception) when (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            return new Part<T>(null, "no answer in time");
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or FormatException or JsonException or KeyNotFoundException)
        {
            return new Part<T>(null, exception.Message);
        }
    }
}
