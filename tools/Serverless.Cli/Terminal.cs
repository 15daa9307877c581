namespace Serverless.Cli;

/// <summary>Where a conversation is typed.</summary>
/// <param name="Input">What is typed, or piped in.</param>
/// <param name="IsInteractive">Whether somebody sits there, to be shown a prompt.</param>
/// <param name="Interruption">What Ctrl+C ends.</param>
internal sealed record Terminal(TextReader Input, bool IsInteractive, Interruption Interruption);
