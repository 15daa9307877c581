using Serverless.Cli.Api;

namespace Serverless.Cli.Demo;

/// <summary>One answer of the burst.</summary>
internal sealed record BurstAnswer(int Index, TimeSpan Took, ApiAnswer Answer);
