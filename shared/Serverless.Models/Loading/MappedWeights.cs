using Serverless.Models.Memory;

namespace Serverless.Models.Loading;

/// <summary>Weights in a file that is mapped.</summary>
/// <param name="path">The file.</param>
/// <param name="size">Its size in bytes.</param>
/// <param name="mapped">Its mapping; null when there are no weights, for nothing cannot be mapped.</param>
/// <param name="hold">What keeps the file in place, disposed last.</param>
internal sealed class MappedWeights(string path, long size, MappedFile? mapped, IDisposable hold) : IWeightBuffer
{
    public string Path => path;

    public nint Address => mapped?.Address ?? 0;

    public long Size => size;

    public void Dispose()
    {
        mapped?.Dispose();
        hold.Dispose();
    }
}
