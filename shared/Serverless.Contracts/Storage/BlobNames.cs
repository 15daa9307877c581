namespace Serverless.Contracts.Storage;

/// <summary>Names of blobs that come from strangers.</summary>
public static class BlobNames
{
    /// <summary>
    /// Whether <paramref name="name"/> stays in its container: a URL drops dots between slashes together with the folder before them, so that
    /// <c>../results/x</c> would be a blob of another one.
    /// </summary>
    public static bool IsPlain(string name) =>
        !name.Any(letter => letter == '\\' || char.IsControl(letter)) && !name.Split('/').Any(segment => segment is "." or "..");
}
