namespace Serverless.Cli.Demo;

/// <summary>How long one thing of the demo took.</summary>
internal sealed record DemoTiming(string What, TimeSpan Took, string Remark = "");
