using System.Diagnostics;

namespace Serverless.ContainerHost.Tests.Running;

/// <summary>Waits for what processes do.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    public static async Task Async(Func<bool> condition, string what)
    {
        var start = Stopwatch.GetTimestamp();
        while (!condition())
        {
            Assert.True(Stopwatch.GetElapsedTime(start) < Limit, $"Not within {Limit.TotalSeconds:0} s: {what}.");
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }
    }
}
