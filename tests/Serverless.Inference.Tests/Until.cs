namespace Serverless.Inference.Tests;

/// <summary>Waits for what happens in the background and has no event.</summary>
internal static class Until
{
    public static async Task TrueAsync(Func<bool> reached)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (!reached())
            await Task.Delay(2, limit.Token);
    }
}
