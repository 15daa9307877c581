using System.Globalization;
using System.Net;
using Serverless.Contracts.Errors;
using Serverless.Contracts.Http;
using Serverless.Contracts.Models;
using Serverless.Inference.Execution;
using Serverless.Inference.Staging;
using Serverless.Inference.Tensors;

namespace Serverless.Worker.Stages;

/// <summary>A stage that another worker serves, over the protocol that it serves to everybody, in binary.</summary>
internal sealed partial class RemoteStage(StageTarget target, StageServices services) : IStage
{
    private readonly Uri _url = new(target.Url, $"v2/models/{target.Package.Name}/versions/{target.Package.Version}/infer");

    public async ValueTask<RunOutcome> RunAsync(
        IReadOnlyList<Tensor> inputs, IReadOnlyList<string> outputs, RunTerms terms, CancellationToken cancellationToken)
    {
        var started = services.Time.GetTimestamp();
        try
        {
            using var response = await SendAsync(inputs, outputs, terms, cancellationToken);
            if (response.StatusCode != HttpStatusCode.OK)
                throw await StageErrors.ReadAsync(response, target.Package, target.Place, cancellationToken);
            var tensors = await StageAnswer.ReadAsync(response, outputs, cancellationToken);
            // What the device did there is on the account that its own worker keeps.
            return new RunOutcome(tensors, TimeSpan.Zero, services.Time.GetElapsedTime(started), Rows: 1);
        }
        catch (Exception error) when (IsLoss(error, cancellationToken))
        {
            LogLost(services.Logger, target.Package, target.Place, _url, error);
            throw StageErrors.Unreachable(target.Package, target.Place, error);
        }
        catch (InvalidDataException error)
        {
            throw StageErrors.Unreadable(target.Package, target.Place, error);
        }
        finally
        {
            foreach (var input in inputs)
                input.Dispose();
        }
    }

    // Once more where nothing was answered: a connection was closed while it lay idle, or a worker stops and another one is there.
    private async Task<HttpResponseMessage> SendAsync(
        IReadOnlyList<Tensor> inputs, IReadOnlyList<string> outputs, RunTerms terms, CancellationToken cancellationToken)
    {
        try
        {
            var response = await SendOnceAsync(inputs, outputs, terms, cancellationToken);
            if (!response.Headers.Contains(InferenceHeaders.Refused))
                return response;
            response.Dispose();
        }
        catch (Exception error) when (IsLoss(error, cancellationToken))
        {
            // The second time says why.
        }

        await Task.Delay(services.RetryDelay, services.Time, cancellationToken);
        return await SendOnceAsync(inputs, outputs, terms, cancellationToken);
    }

    private async Task<HttpResponseMessage> SendOnceAsync(
        IReadOnlyList<Tensor> inputs, IReadOnlyList<string> outputs, RunTerms terms, CancellationToken cancellationToken)
    {
        using var content = new StageContent(inputs, outputs);
        using var request = new HttpRequestMessage(HttpMethod.Post, _url) { Content = content };
        request.Headers.TryAddWithoutValidation(
            "Inference-Header-Content-Length", content.JsonLength.ToString(CultureInfo.InvariantCulture));
        if (terms.Priority == RunPriority.Batch)
            request.Headers.TryAddWithoutValidation(InferenceHeaders.Priority, "batch");
        if (terms.Deadline is { } deadline)
            request.Headers.TryAddWithoutValidation(InferenceHeaders.Timeout, SecondsUntil(deadline));
        services.Access.Authorize(request, terms.Tenant);
        return await services.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
    }

    // A connection that cannot be made in time is told as a cancellation.
    private static bool IsLoss(Exception error, CancellationToken cancellationToken) =>
        error is HttpRequestException or IOException or OperationCanceledException && !cancellationToken.IsCancellationRequested;

    private string SecondsUntil(long deadline)
    {
        var left = services.Time.GetElapsedTime(services.Time.GetTimestamp(), deadline);
        return left > TimeSpan.Zero
            ? Math.Min(left.TotalSeconds, 3600).ToString("0.######", CultureInfo.InvariantCulture)
            : throw new InferenceException(ErrorKind.DeadlineExceeded, $"The deadline passed before the stage {target.Package} had its turn.");
    }

    [LoggerMessage(1, LogLevel.Warning, "Stage {Package} of the workers '{Place}' cannot be reached at {Url}")]
    private static partial void LogLost(ILogger logger, ModelReference package, string place, Uri url, Exception error);
}
