namespace Serverless.Cli.Tests;

public sealed class InterruptionTests
{
    [Fact]
    public async Task Interrupt_WhileWorkRuns_EndsTheWorkAlone()
    {
        using var interruption = new Interruption();

        var isWhole = await interruption.RunAsync(async stop =>
        {
            interruption.Interrupt();
            await Task.Delay(Timeout.Infinite, stop);
        });

        Assert.False(isWhole);
        Assert.False(interruption.Token.IsCancellationRequested);
    }

    [Fact]
    public async Task Interrupt_AfterTheWork_EndsTheProgram()
    {
        using var interruption = new Interruption();
        Assert.True(await interruption.RunAsync(_ => Task.CompletedTask));

        interruption.Interrupt();

        Assert.True(interruption.Token.IsCancellationRequested);
    }
}
