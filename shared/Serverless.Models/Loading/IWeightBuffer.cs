namespace Serverless.Models.Loading;

/// <summary>Decoded weights in memory.</summary>
internal interface IWeightBuffer : IDisposable
{
    /// <summary>The file that holds them, if there is one.</summary>
    string? Path { get; }

    /// <summary>Address of a range.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The range is not within the weights.</exception>
    IntPtr AddressOf(long offset, long length);
}
