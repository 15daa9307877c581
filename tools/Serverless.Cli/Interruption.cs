namespace Serverless.Cli;

/// <summary>What Ctrl+C ends: the program, or for a while something less.</summary>
internal sealed class Interruption : IDisposable
{
    private readonly CancellationTokenSource _program = new();
    private CancellationTokenSource? _instead;

    /// <summary>Cancelled when the program is to end.</summary>
    public CancellationToken Token => _program.Token;

    /// <summary>Called for Ctrl+C.</summary>
    public void Interrupt() => (Volatile.Read(ref _instead) ?? _program).Cancel();

    /// <summary>Runs <paramref name="work"/>, which Ctrl+C ends in place of the program. Whether it came to its own end.</summary>
    public async Task<bool> RunAsync(Func<CancellationToken, Task> work)
    {
        using var only = CancellationTokenSource.CreateLinkedTokenSource(_program.Token);
        Volatile.Write(ref _instead, only);
        try
        {
            await work(only.Token);
            return true;
        }
        catch (OperationCanceledException) when (only.IsCancellationRequested && !_program.IsCancellationRequested)
        {
            return false;
        }
        finally
        {
            Volatile.Write(ref _instead, null);
        }
    }

    public void Dispose() => _program.Dispose();
}
