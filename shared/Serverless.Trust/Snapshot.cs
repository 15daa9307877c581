namespace Serverless.Trust;

/// <summary>
/// A copy of something small that lies elsewhere, with one reading at a time. It is given at once while it holds; from half of its lifetime on
/// it is read anew beside the requests, so that one of them waits for it only when nothing was asked for as long as it holds.
/// </summary>
/// <param name="read">Reads it.</param>
/// <param name="lifetime">For how long a copy holds.</param>
/// <param name="pause">How long at least lies between two readings that <see cref="GetNewerAsync"/> has done.</param>
/// <param name="time">The time.</param>
public sealed class Snapshot<T>(Func<CancellationToken, Task<T>> read, TimeSpan lifetime, TimeSpan pause, TimeProvider time)
    where T : class
{
    private readonly Lock _lock = new();
    private volatile Copy? _copy;
    private Task<T>? _reading;
    private long? _begun;
    private int _version;

    /// <summary>What was read no longer than its lifetime ago.</summary>
    public ValueTask<T> GetAsync()
    {
        if (_copy is not { } copy || time.GetElapsedTime(copy.At) is var age && age >= lifetime)
            return new(Read());
        if (age >= lifetime / 2)
            _ = Read();
        return new(copy.Value);
    }

    /// <summary>What may have changed since <see cref="GetAsync"/> was asked: read anew, unless that was just done.</summary>
    public ValueTask<T> GetNewerAsync()
    {
        lock (_lock)
        {
            if (_reading is null && _copy is { } copy && time.GetElapsedTime(_begun!.Value) < pause)
                return new(copy.Value);
        }

        return new(Read());
    }

    /// <summary>Whoever asks next gets what is there then.</summary>
    public void Invalidate()
    {
        lock (_lock)
        {
            _version++;
            (_copy, _reading) = (null, null);
        }
    }

    private Task<T> Read()
    {
        lock (_lock)
        {
            if (_reading is { } reading)
                return reading;
            var (at, version) = (time.GetTimestamp(), _version);
            _begun = at;
            return _reading = Task.Run(() => ReadAsync(at, version));
        }
    }

    private async Task<T> ReadAsync(long at, int version)
    {
        Copy? copy = null;
        try
        {
            copy = new Copy(await read(CancellationToken.None), at);
            return copy.Value;
        }
        finally
        {
            lock (_lock)
            {
                // One that was begun before an invalidation may lack what that was for.
                if (version == _version)
                    (_copy, _reading) = (copy ?? _copy, null);
            }
        }
    }

    private sealed record Copy(T Value, long At);
}
