using System.Net.Http.Headers;
using Azure;
using Azure.Storage.Blobs;
using Microsoft.Extensions.Options;
using Serverless.Contracts.Errors;
using Serverless.Contracts.Storage;
using Serverless.Gateway.Forwarding;

namespace Serverless.Gateway.Queues;

/// <summary>Takes a queued request to the worker over HTTP and brings the answer back.</summary>
internal sealed class QueuedRequestRunner(WorkerClient worker, BlobServiceClient storage, IOptions<ForwardingOptions> options)
{
    // An answer is written as one blob in one request; 256 MiB is far above what JSON answers are.
    private const int LargestAnswer = 256 << 20;

    private readonly BlobContainerClient _inputs = storage.GetBlobContainerClient(BlobContainers.Inputs);

    /// <summary>The bytes of the answer.</summary>
    /// <exception cref="InferenceException">The worker could not answer; see the kind for whether to try again.</exception>
    public async Task<ReadOnlyMemory<byte>> RunAsync(QueuedRequest request, CancellationToken cancellationToken)
    {
        using HttpContent body = request.Blob is { } blob
            ? await OpenAsync(blob, cancellationToken)
            : new ReadOnlyMemoryContent(request.Body!.Value);
        body.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        using var message = new HttpRequestMessage(HttpMethod.Post, worker.BaseUrl + request.Path) { Content = body };
        try
        {
            using var response = await worker.Invoker.SendAsync(message, cancellationToken);
            var answer = await ReadAsync(response.Content, cancellationToken);
            var status = (int)response.StatusCode;
            return status is 429 or 502 or 503 or 504
                ? throw new InferenceException(RetriableKind(status), $"The worker answered {status} to the queued request.")
                : QueuedAnswer.FromWorker(request.Id, status, answer);
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            throw new InferenceException(
                ErrorKind.WorkerUnreachable, "The worker could not be reached, or was lost before it answered.", inner: exception);
        }
    }

    private static ErrorKind RetriableKind(int status) => status switch
    {
        429 => ErrorKind.Overloaded,
        502 => ErrorKind.WorkerUnreachable,
        503 => ErrorKind.ModelUnavailable,
        _ => ErrorKind.DeadlineExceeded,
    };

    private async Task<StreamContent> OpenAsync(string blob, CancellationToken cancellationToken)
    {
        try
        {
            var client = _inputs.GetBlobClient(blob);
            var download = await client.DownloadStreamingAsync(cancellationToken: cancellationToken);
            var length = download.Value.Details.ContentLength;
            if (length > options.Value.MaxBodyBytes)
            {
                download.Value.Dispose();
                throw new InferenceException(
                    ErrorKind.PayloadTooLarge, $"Blob '{blob}' has {length} bytes; the limit is {options.Value.MaxBodyBytes}.", "blob");
            }

            return new StreamContent(download.Value.Content) { Headers = { ContentLength = length } };
        }
        catch (RequestFailedException exception) when (exception.Status is 400 or 404)
        {
            throw new InferenceException(
                ErrorKind.InvalidRequest, $"There is no blob '{blob}' in the container '{BlobContainers.Inputs}'.", "blob", exception);
        }
    }

    private static async Task<ReadOnlyMemory<byte>> ReadAsync(HttpContent content, CancellationToken cancellationToken)
    {
        try
        {
            await content.LoadIntoBufferAsync(LargestAnswer, cancellationToken);
            return await content.ReadAsByteArrayAsync(cancellationToken);
        }
        catch (HttpRequestException exception) when (exception.HttpRequestError == HttpRequestError.ConfigurationLimitExceeded)
        {
            throw new InferenceException(
                ErrorKind.PayloadTooLarge, $"The answer is larger than {LargestAnswer} bytes, the limit for queued requests.", inner: exception);
        }
    }
}
