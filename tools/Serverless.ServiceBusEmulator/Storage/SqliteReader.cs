namespace Serverless.ServiceBusEmulator.Storage;

/// <summary>Reads on a connection of its own: WAL lets it see what is committed while the writer writes.</summary>
internal sealed class SqliteReader(string path) : IDisposable
{
    private readonly SqliteDatabase _database = new(path);
    private readonly Lock _lock = new();
    private SqliteStatement? _contents;

    public void ReadContents(ContentRange range, Action<long, byte[]> found)
    {
        lock (_lock)
        {
            _contents ??= _database.Prepare("SELECT id, content FROM messages WHERE id BETWEEN ?1 AND ?2 ORDER BY id LIMIT ?3");
            _contents.Bind(1, range.FirstRowId).Bind(2, range.LastRowId).Bind(3, range.MaxCount);
            try
            {
                for (var bytes = 0L; bytes < range.MaxBytes && _contents.Step();)
                {
                    var content = _contents.Bytes(1);
                    bytes += content.Length;
                    found(_contents.Number(0), content);
                }
            }
            finally
            {
                _contents.Reset();
            }
        }
    }

    public StoreSnapshot Load() => new()
    {
        Entities = ReadAll("SELECT id, description FROM entities", row => (row.Number(0), row.Text(1)!))
            .ToDictionary(row => row.Item1, row => row.Item2),
        Sequences = ReadAll("SELECT store, reserved FROM sequences", row => (row.Number(0), row.Number(1)))
            .ToDictionary(row => row.Item1, row => row.Item2),
        SessionStates = [.. ReadAll(
            "SELECT store, session, state FROM session_states", row => (row.Number(0), row.Text(1)!, row.Bytes(2)))],
        Duplicates = [.. ReadAll(
            "SELECT store, message_id, expires FROM duplicates ORDER BY expires", row => (row.Number(0), row.Text(1)!, row.Number(2)))],
        Messages = ReadAll(
            """
            SELECT id, status, delivery_count, enqueued_sequence, enqueued, expires, scheduled, hops, size, session
            FROM messages ORDER BY id
            """,
            ReadMessage),
    };

    private static MessageRecord ReadMessage(SqliteStatement row) => new()
    {
        RowId = row.Number(0),
        Status = (int)row.Number(1),
        DeliveryCount = (int)row.Number(2),
        EnqueuedSequenceNumber = row.Number(3),
        EnqueuedTicks = row.Number(4),
        ExpiresTicks = row.Number(5),
        ScheduledTicks = row.Number(6),
        Hops = (int)row.Number(7),
        Size = (int)row.Number(8),
        SessionId = row.Text(9),
    };

    private IEnumerable<T> ReadAll<T>(string sql, Func<SqliteStatement, T> read)
    {
        using var statement = _database.Prepare(sql);
        while (statement.Step())
            yield return read(statement);
    }

    public void Dispose()
    {
        _contents?.Dispose();
        _database.Dispose();
    }
}
