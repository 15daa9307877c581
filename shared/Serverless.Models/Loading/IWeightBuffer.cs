namespace Serverless.Models.Loading;

/// <summary>Decoded weights in memory.</summary>
internal interface IWeightBuffer : IDisposable
{
    /// <summary>The file that holds them, if there is one.</summary>
    string? Path { get; }

    /// <summary>Where they begin, a multiple of 64.</summary>
    nint Address { get; }

    /// <summary>How many bytes they take.</summary>
    long Size { get; }
}
