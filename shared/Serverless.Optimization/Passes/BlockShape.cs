namespace Serverless.Optimization.Passes;

/// <summary>A matrix of which every row is an output.</summary>
/// <param name="Rows">Outputs, or entries of a table.</param>
/// <param name="Columns">Inputs, or numbers of an entry.</param>
/// <param name="Accuracy">How the kernel computes: 1 in floats, 4 in int8.</param>
internal sealed record BlockShape(long Rows, long Columns, long Accuracy);
