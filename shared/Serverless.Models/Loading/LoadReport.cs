namespace Serverless.Models.Loading;

/// <summary>How a load went. The two times add up to the whole load.</summary>
/// <param name="Fetch">From the start until the last byte from the store or cache was there; most decoding happens meanwhile.</param>
/// <param name="Decode">What decoding and verifying took after that.</param>
/// <param name="BytesTotal">Stored bytes that the package takes.</param>
/// <param name="BytesFromCache">Those among them that did not have to be read from the store.</param>
public sealed record LoadReport(TimeSpan Fetch, TimeSpan Decode, long BytesTotal, long BytesFromCache);
