using Serverless.Contracts.Errors;
using Serverless.Contracts.Trust;
using Serverless.Worker.Authentication;

namespace Serverless.Worker.Tests.Authentication;

public sealed class TenantRequestsTests
{
    private readonly TenantRequests _requests = new();
    private readonly TaskCompletionSource _answer = new();

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(500)]
    public async Task Run_From32Threads_LetsExactlyTheLimitIn(int limit)
    {
        var refused = 0;
        var running = new System.Collections.Concurrent.ConcurrentBag<Task>();
        using var start = new Barrier(32);
        var threads = Enumerable.Range(0, 32).Select(_ => new Thread(() =>
        {
            start.SignalAndWait();
            for (var i = 0; i < (limit / 16) + 1; i++)
            {
                var run = RunAsync(limit);
                if (run.IsFaulted)
                    Interlocked.Increment(ref refused);
                else
                    running.Add(run);
            }
        })).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());

        Assert.Equal(limit, running.Count);
        Assert.Equal((32 * ((limit / 16) + 1)) - limit, refused);
        _answer.SetResult();
        await Task.WhenAll(running);
        await RunAsync(1);
    }

    [Fact]
    public async Task Run_OneTooMany_SaysTheLimitAndWhenToTryAgain()
    {
        _ = RunAsync(1);

        var error = (await Assert.ThrowsAsync<InferenceException>(() => RunAsync(1))).Error;

        Assert.Equal(ErrorKind.Overloaded, error.Kind);
        Assert.Equal(TimeSpan.FromSeconds(1), error.RetryAfter);
        Assert.StartsWith("1 requests of this tenant are at hand", error.Message, StringComparison.Ordinal);
        Assert.False(RunAsync(1, "other").IsFaulted);
    }

    [Fact]
    public async Task Run_RequestThatFails_GivesItsPlaceBack()
    {
        await Assert.ThrowsAsync<IOException>(() => _requests.RunAsync(new DefaultHttpContext(), ClaimsOf(1), _ => throw new IOException()));

        Assert.False(RunAsync(1).IsFaulted);
    }

    private Task RunAsync(int limit, string tenant = "team") => _requests.RunAsync(new DefaultHttpContext(), ClaimsOf(limit, tenant), _ => _answer.Task);

    private static GatewayClaims ClaimsOf(int limit, string tenant = "team") => new(GatewayClaims.Worker, 0, 0, tenant, limit);
}
