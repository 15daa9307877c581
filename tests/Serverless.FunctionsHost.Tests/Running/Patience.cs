namespace Serverless.FunctionsHost.Tests.Running;

/// <summary>How long a test waits for something that has to happen: far more than it takes, so only a defect reaches it.</summary>
internal static class Patience
{
    public static CancellationTokenSource Limit(CancellationToken cancellationToken)
    {
        var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(15));
        return limit;
    }
}
