namespace Serverless.ServiceBusEmulator.Tests;

internal static class WaitUntil
{
    /// <summary>For what only another process or the clock decides: looks again every 20 ms until the test's time is up.</summary>
    public static async Task TrueAsync(Func<Task<bool>> condition, int seconds = 20)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(seconds));
        while (!await condition())
            await Task.Delay(20, limit.Token);
    }
}
