namespace Serverless.Models.Loading;

/// <summary>Where a caller needs the decoded weights.</summary>
public enum WeightsPlace
{
    /// <summary>In memory, see <see cref="LoadedPackage.AddressOf"/>. The local cache gets them behind the caller's back.</summary>
    Memory,

    /// <summary>In memory and in a file, see <see cref="LoadedPackage.WeightsPath"/>, before the load returns.</summary>
    File,
}
