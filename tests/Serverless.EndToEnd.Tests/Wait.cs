using System.Diagnostics;

namespace Serverless.EndToEnd.Tests;

/// <summary>Waits for what other processes do.</summary>
internal static class Wait
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    /// <summary>Asks until there is an answer that is not null.</summary>
    public static Task<T> ForAsync<T>(Func<Task<T?>> ask, string what)
        where T : class => ForAsync(ask, what, Limit);

    /// <summary>Asks until there is an answer that is not null, as long as <paramref name="limit"/>.</summary>
    public static async Task<T> ForAsync<T>(Func<Task<T?>> ask, string what, TimeSpan limit)
        where T : class
    {
        var start = Stopwatch.GetTimestamp();
        while (true)
        {
            if (await ask() is { } answer)
                return answer;
            Assert.True(Stopwatch.GetElapsedTime(start) < limit, $"{what} did not happen within {limit.TotalSeconds} s.");
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }
    }
}
