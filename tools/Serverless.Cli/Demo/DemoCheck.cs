namespace Serverless.Cli.Demo;

/// <summary>One answer of the demo beside what it should be.</summary>
/// <param name="Way">How the request went in.</param>
/// <param name="What">What was asked.</param>
/// <param name="Expected">The right answer.</param>
/// <param name="Actual">The answer that came.</param>
internal sealed record DemoCheck(string Way, string What, double Expected, double Actual)
{
    public bool IsRight => Math.Abs(Expected - Actual) <= DemoSentences.Tolerance;
}
