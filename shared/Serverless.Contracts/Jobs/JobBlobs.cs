namespace Serverless.Contracts.Jobs;

/// <summary>Names of blobs in the container <see cref="Storage.BlobContainers.Batches"/>.</summary>
public static class JobBlobs
{
    /// <summary>Prefix of everything that belongs to a batch.</summary>
    public static string PrefixOf(string batch) => batch + "/";

    /// <summary>Prefix of a shard's segments.</summary>
    public static string PrefixOf(string batch, int shard) => FormattableString.Invariant($"{batch}/{shard:D6}/");

    /// <summary>
    /// The segment that begins with request <paramref name="first"/> of the batch. There can be one only (conditional Put Blob), and the
    /// next begins where it ends: the segments of a shard form one chain, whoever writes them.
    /// </summary>
    public static string Segment(string batch, int shard, int first) => FormattableString.Invariant($"{batch}/{shard:D6}/{first:D6}");
}
