namespace Serverless.Models.Manifest;

/// <summary>
/// What was proved about rows of different length: with <paramref name="Inputs"/> filled up with zeros along their second dimension, a row
/// answers as it does alone, in as much of <paramref name="Outputs"/> as its own length.
/// </summary>
/// <param name="Inputs">Inputs whose second dimension is the length; the mask is among them.</param>
/// <param name="Outputs">Outputs whose second dimension is the length; the others have none.</param>
/// <param name="Mask">The input that tells positions (1) from padding (0).</param>
public sealed record SequenceRecord(IReadOnlyList<string> Inputs, IReadOnlyList<string> Outputs, string Mask);
