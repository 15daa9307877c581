namespace Serverless.Contracts.Jobs;

/// <summary>One line of an input that is not empty.</summary>
/// <param name="Number">Its number in what was read, from 1; empty lines are counted here.</param>
/// <param name="Offset">Where it begins, in bytes.</param>
/// <param name="Content">Its bytes without the line end; valid until the next read. Empty when <see cref="IsTooLong"/>.</param>
/// <param name="NextOffset">Where the line after it begins.</param>
/// <param name="IsTooLong">Whether it is longer than <see cref="JobLimits.MaxLineBytes"/>; its content was skipped.</param>
public readonly record struct InputLine(int Number, long Offset, ReadOnlyMemory<byte> Content, long NextOffset, bool IsTooLong);
