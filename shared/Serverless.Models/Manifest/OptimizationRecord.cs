namespace Serverless.Models.Manifest;

/// <summary>What the graph was optimised for; on anything else it must not be loaded.</summary>
/// <param name="Providers">Execution providers, for example <c>cpu</c>.</param>
/// <param name="RuntimeVersion">Version of the runtime that optimised it.</param>
/// <param name="ProcessorFeatures">Features of the processor that its layout depends on, such as <c>avx512</c>; empty when none.</param>
public sealed record OptimizationRecord(IReadOnlyList<string> Providers, string RuntimeVersion, string ProcessorFeatures);
