namespace Serverless.Telemetry.Gpu;

/// <summary>One GPU.</summary>
/// <param name="Handle">The library's own name for it; valid as long as the library is open.</param>
/// <param name="Id">Its UUID.</param>
/// <param name="Name">Its product name.</param>
internal sealed record GpuDevice(nint Handle, string Id, string Name);
