using Serverless.Worker.Jobs;

namespace Serverless.Worker.Tests.Jobs;

public sealed class LineWindowTests
{
    private const int Bytes = 100;

    private static readonly TimeSpan Quick = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Slow = TimeSpan.FromSeconds(11);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Enter_WindowFull_WaitsForAnAnswer()
    {
        var window = new LineWindow(new JobOptions { LinesInFlight = 2 });
        await window.EnterAsync(Bytes, Token);
        await window.EnterAsync(Bytes, Token);

        var third = window.EnterAsync(Bytes, Token);

        Assert.False(third.IsCompleted);
        window.Leave(Bytes, Quick);
        await third;
    }

    [Fact]
    public async Task Enter_MoreBytesThanMayRun_RunsAlone()
    {
        var window = new LineWindow(new JobOptions { BytesInFlight = 1 << 16 });

        await window.EnterAsync(1 << 20, Token);
        var next = window.EnterAsync(Bytes, Token);

        Assert.False(next.IsCompleted);
        window.Leave(1 << 20, Quick);
        await next;
    }

    [Fact]
    public async Task Enter_Cancelled_TakesNoPlace()
    {
        var window = new LineWindow(new JobOptions { LinesInFlight = 1 });
        await window.EnterAsync(Bytes, Token);
        using var cancel = new CancellationTokenSource();
        var waiting = window.EnterAsync(Bytes, cancel.Token);

        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        window.Leave(Bytes, Quick);
        await window.EnterAsync(Bytes, Token);
    }

    [Fact]
    public async Task Leave_QuickAnswers_GrowUpToTheSetting()
    {
        var window = new LineWindow(new JobOptions { LinesInFlight = 200 });

        await AnswerAsync(window, Quick, 500);

        Assert.Equal(200, window.Size);
    }

    [Fact]
    public async Task Leave_SlowAnswers_ShrinkToWhereItBegan()
    {
        var window = new LineWindow(new JobOptions { LinesInFlight = 200 });
        await AnswerAsync(window, Quick, 500);

        await AnswerAsync(window, Slow, 500);

        Assert.Equal(LineWindow.First, window.Size);
    }

    [Fact]
    public void Refused_ManyTimes_LeavesOneLine()
    {
        var window = new LineWindow(new JobOptions());

        for (var i = 0; i < 500; i++)
            window.Refused();

        Assert.Equal(1, window.Size);
    }

    private static async Task AnswerAsync(LineWindow window, TimeSpan time, int lines)
    {
        for (var i = 0; i < lines; i++)
        {
            await window.EnterAsync(Bytes, Token);
            window.Leave(Bytes, time);
        }
    }
}
