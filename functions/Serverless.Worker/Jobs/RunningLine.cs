namespace Serverless.Worker.Jobs;

/// <summary>A line that runs, or has run.</summary>
/// <param name="NextOffset">Where the line after it begins.</param>
/// <param name="Answer">Its answer.</param>
internal readonly record struct RunningLine(long NextOffset, Task<LineAnswer> Answer);
