using System.Threading.Channels;

namespace Serverless.ServiceBusEmulator.Storage;

/// <summary>
/// Keeps everything in one SQLite file. One writer commits whatever has gathered while it committed last: under load many
/// units share a commit, alone a unit waits for nobody.
/// </summary>
internal sealed partial class SqliteMessageStore : IMessageStore
{
    // Bounds one commit: longer ones would make the first unit in them wait for the last.
    private const int MaxOperationsPerCommit = 4096;

    private readonly Channel<StoreUnit> _units =
        Channel.CreateUnbounded<StoreUnit>(new UnboundedChannelOptions { SingleReader = true });

    private readonly FileStream _claim;
    private readonly SqliteDatabase _database;
    private readonly SqliteWriter _writer;
    private readonly SqliteReader _reader;
    private readonly HashSet<long> _inserted = [];
    private readonly HashSet<long> _cancelled = [];
    private readonly ILogger _logger;
    private readonly Action<Exception> _onFailure;
    private readonly Task _writing;

    /// <param name="directory">Where the file lies or is made.</param>
    /// <param name="logger">For what goes wrong.</param>
    /// <param name="onFailure">
    /// Called once when a commit fails. Memory is then ahead of the disk and nothing more can be acknowledged: the process must end.
    /// </param>
    public SqliteMessageStore(string directory, ILogger logger, Action<Exception> onFailure)
    {
        _logger = logger;
        _onFailure = onFailure;
        Directory.CreateDirectory(directory);
        _claim = DirectoryClaim.Take(directory);
        var path = Path.Combine(directory, "messages.db");
        _database = new SqliteDatabase(path);
        SqliteSchema.Prepare(_database);
        _writer = new SqliteWriter(_database);
        _reader = new SqliteReader(path);
        _writing = Task.Run(WriteAsync);
    }

    public bool IsDurable => true;

    public StoreSnapshot Load() => _reader.Load();

    public void Append(StoreUnit unit) => _units.Writer.TryWrite(unit);

    public void ReadContents(ContentRange range, Action<long, byte[]> found) => _reader.ReadContents(range, found);

    private async Task WriteAsync()
    {
        try
        {
            while (await _units.Reader.WaitToReadAsync())
                Commit(Gather());
        }
        catch (Exception exception)
        {
            LogFailed(exception);
            _onFailure(exception);
        }
    }

    private List<StoreUnit> Gather()
    {
        var batch = new List<StoreUnit>();
        var operations = 0;
        while (operations < MaxOperationsPerCommit && _units.Reader.TryRead(out var unit))
        {
            batch.Add(unit);
            operations += unit.Operations.Count;
        }

        return batch;
    }

    private void Commit(List<StoreUnit> batch)
    {
        if (batch.Exists(unit => unit.Operations.Count > 0))
            Write(batch);
        // Answering clients costs as much as writing: the next commit does not wait for it.
        ThreadPool.UnsafeQueueUserWorkItem(
            static units =>
            {
                foreach (var unit in units)
                    unit.Commit();
            },
            batch,
            preferLocal: false);
    }

    private void Write(List<StoreUnit> batch)
    {
        FindCancelled(batch);
        _writer.Begin();
        foreach (var unit in batch)
        {
            foreach (ref readonly var operation in System.Runtime.InteropServices.CollectionsMarshal.AsSpan(unit.Operations))
            {
                if (_cancelled.Count == 0 || !IsAboutMessage(operation.Kind) || !_cancelled.Contains(operation.Record.RowId))
                    _writer.Apply(operation);
            }
        }

        _writer.Commit();
    }

    /// <summary>A message that came and went within one commit need not be written: with consumers that keep up, most do.</summary>
    private void FindCancelled(List<StoreUnit> batch)
    {
        _inserted.Clear();
        _cancelled.Clear();
        foreach (var unit in batch)
        {
            foreach (ref readonly var operation in System.Runtime.InteropServices.CollectionsMarshal.AsSpan(unit.Operations))
            {
                if (operation.Kind == StoreOperationKind.InsertMessage)
                    _inserted.Add(operation.Record.RowId);
                else if (operation.Kind == StoreOperationKind.DeleteMessage && _inserted.Contains(operation.Record.RowId))
                    _cancelled.Add(operation.Record.RowId);
            }
        }
    }

    private static bool IsAboutMessage(StoreOperationKind kind) => kind is StoreOperationKind.InsertMessage
        or StoreOperationKind.DeleteMessage or StoreOperationKind.UpdateMessage or StoreOperationKind.ReplaceContent;

    public async ValueTask DisposeAsync()
    {
        _units.Writer.TryComplete();
        await _writing;
        _writer.Dispose();
        _reader.Dispose();
        _database.Dispose();
        await _claim.DisposeAsync();
    }

    [LoggerMessage(1, LogLevel.Critical, "The message store cannot write; the emulator stops")]
    private partial void LogFailed(Exception exception);
}
