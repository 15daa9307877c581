using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Microsoft.Extensions.Options;
using Serverless.Contracts.Errors;
using Serverless.Contracts.Jobs;
using Serverless.Contracts.Storage;
using Serverless.Gateway.Jobs;

namespace Serverless.Gateway.Batches;

/// <summary>What callers may name in the data lake, <c>lake:PATH</c>: inputs, and folders for outputs.</summary>
internal sealed class LakePaths(JobStorage storage, IOptions<JobOptions> options)
{
    private const string Prefix = "lake:";
    private const int LongestInput = 1024;

    // Leaves room for the names of the files in it.
    private const int LongestFolder = 900;

    public static string PathOf(string folder) => Prefix + folder;

    public static bool IsLake(string text) => text.StartsWith(Prefix, StringComparison.Ordinal);

    /// <summary>Finds an input, and what it is now.</summary>
    /// <exception cref="InferenceException">There is none, or it is too large.</exception>
    public async Task<(string Container, string Blob, string ETag)> PinAsync(string text, CancellationToken cancellationToken)
    {
        var container = ContainerOf("input_file_id");
        var path = text[Prefix.Length..];
        if (path.Length is 0 or > LongestInput)
            throw Invalid($"A lake path has 1 to {LongestInput} characters.", "input_file_id");
        if (!BlobNames.IsPlain(path))
            throw Invalid("A lake path has no '.' or '..' between slashes, no backslash and no control character.", "input_file_id");
        try
        {
            BlobProperties properties = await container.GetBlobClient(path).GetPropertiesAsync(null, cancellationToken);
            return properties.ContentLength <= JobLimits.MaxInputBytes
                ? (container.Name, path, properties.ETag.ToString())
                : throw new InferenceException(
                    ErrorKind.PayloadTooLarge, $"The limit for a batch's input is {JobLimits.MaxInputBytes} bytes.", "input_file_id");
        }
        catch (RequestFailedException exception) when (exception.Status is 400 or 404)
        {
            throw new InferenceException(ErrorKind.InvalidRequest, "There is no blob at this path of the lake.", "input_file_id", exception);
        }
    }

    /// <summary>The folder that an <c>output_path</c> names, without a slash at its end; null for none.</summary>
    /// <exception cref="InferenceException">It is none, or there is no lake.</exception>
    public async Task<string?> CheckFolderAsync(string? text, CancellationToken cancellationToken)
    {
        if (text is null)
            return null;
        var container = ContainerOf("output_path");
        var folder = IsLake(text) ? text[Prefix.Length..].TrimEnd('/') : "";
        if (folder.Length is 0 or > LongestFolder || folder.Split('/').Any(IsNoName) || folder.Any(letter => letter == '\\' || char.IsControl(letter)))
            throw Invalid($"'output_path' must be 'lake:' and a folder of up to {LongestFolder} characters, such as lake:out/today.", "output_path");
        return await container.ExistsAsync(cancellationToken) ? folder : throw Invalid("The lake's container does not exist.", "output_path");
    }

    /// <summary>The lake; null where none is configured.</summary>
    public BlobContainerClient? Container => options.Value.LakeContainer is { } name ? storage.Container(name) : null;

    // A file system with folders would take them apart.
    private static bool IsNoName(string segment) => segment is "" or "." or "..";

    private BlobContainerClient ContainerOf(string field) => Container ?? throw Invalid("No data lake is configured here (Jobs__LakeContainer).", field);

    private static InferenceException Invalid(string message, string field) => new(ErrorKind.InvalidRequest, message, field);
}
