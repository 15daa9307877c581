namespace Serverless.ServiceBusEmulator.Storage;

/// <summary>The statements that carry out operations. Used by the store's one writer only.</summary>
internal sealed class SqliteWriter : IDisposable
{
    private readonly SqliteDatabase _database;
    private readonly SqliteStatement _insert;
    private readonly SqliteStatement _delete;
    private readonly SqliteStatement _update;
    private readonly SqliteStatement _replace;
    private readonly SqliteStatement _reserve;
    private readonly SqliteStatement _duplicate;
    private readonly SqliteStatement _begin;
    private readonly SqliteStatement _commit;

    public SqliteWriter(SqliteDatabase database)
    {
        _database = database;
        _begin = database.Prepare("BEGIN IMMEDIATE");
        _commit = database.Prepare("COMMIT");
        _insert = database.Prepare("INSERT OR REPLACE INTO messages VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)");
        _delete = database.Prepare("DELETE FROM messages WHERE id = ?1");
        _update = database.Prepare("UPDATE messages SET status = ?2, delivery_count = ?3 WHERE id = ?1");
        _replace = database.Prepare("UPDATE messages SET content = ?2, size = ?3 WHERE id = ?1");
        _duplicate = database.Prepare("INSERT OR REPLACE INTO duplicates VALUES (?1, ?2, ?3)");
        _reserve = database.Prepare("INSERT OR REPLACE INTO sequences VALUES (?1, ?2)");
    }

    public void Begin() => _begin.Run();

    public void Commit() => _commit.Run();

    public void Apply(in StoreOperation operation)
    {
        var id = operation.Record.RowId;
        switch (operation.Kind)
        {
            case StoreOperationKind.InsertMessage:
                Insert(operation.Record, operation.Content!);
                break;
            case StoreOperationKind.DeleteMessage:
                _delete.Bind(1, id).Run();
                break;
            case StoreOperationKind.UpdateMessage:
                _update.Bind(1, id).Bind(2, operation.Record.Status).Bind(3, operation.Record.DeliveryCount).Run();
                break;
            case StoreOperationKind.ReplaceContent:
                _replace.Bind(1, id).Bind(2, operation.Content!).Bind(3, operation.Content!.Length).Run();
                break;
            case StoreOperationKind.ReserveSequence:
                _reserve.Bind(1, id).Bind(2, operation.Number).Run();
                break;
            default:
                ApplyRare(operation);
                break;
        }
    }

    private void Insert(in MessageRecord record, byte[] content) => _insert
        .Bind(1, record.RowId).Bind(2, record.Status).Bind(3, record.DeliveryCount).Bind(4, record.EnqueuedSequenceNumber)
        .Bind(5, record.EnqueuedTicks).Bind(6, record.ExpiresTicks).Bind(7, record.ScheduledTicks).Bind(8, record.Hops)
        .Bind(9, content.Length).Bind(10, record.SessionId).Bind(11, content).Run();

    private void ApplyRare(in StoreOperation operation)
    {
        var id = operation.Record.RowId;
        switch (operation.Kind)
        {
            case StoreOperationKind.SetSessionState when operation.Content is null:
                Run("DELETE FROM session_states WHERE store = ?1 AND session = ?2", id, operation.Text);
                break;
            case StoreOperationKind.SetSessionState:
                using (var statement = _database.Prepare("INSERT OR REPLACE INTO session_states VALUES (?1, ?2, ?3)"))
                    statement.Bind(1, id).Bind(2, operation.Text).Bind(3, operation.Content!).Run();
                break;
            case StoreOperationKind.InsertDuplicate:
                _duplicate.Bind(1, id).Bind(2, operation.Text).Bind(3, operation.Number).Run();
                break;
            case StoreOperationKind.ExpireDuplicates:
                _database.Execute($"DELETE FROM duplicates WHERE store = {id} AND expires <= {operation.Number}");
                break;
            case StoreOperationKind.PutEntity:
                Run("INSERT OR REPLACE INTO entities VALUES (?1, ?2)", id, operation.Text);
                break;
            case StoreOperationKind.DeleteEntity:
                DeleteEntity(id);
                break;
            default:
                throw new InvalidOperationException($"The store has no operation {operation.Kind}.");
        }
    }

    private void Run(string sql, long id, string? text)
    {
        using var statement = _database.Prepare(sql);
        statement.Bind(1, id).Bind(2, text).Run();
    }

    private void DeleteEntity(long entityId)
    {
        var first = RowId.MainStore(entityId);
        var last = RowId.DeadLetterStore(entityId);
        _database.Execute($"DELETE FROM messages WHERE id >= {RowId.Of(first, 0)} AND id < {RowId.Of(last + 1, 0)}");
        _database.Execute($"DELETE FROM session_states WHERE store IN ({first}, {last})");
        _database.Execute($"DELETE FROM duplicates WHERE store IN ({first}, {last})");
        _database.Execute($"DELETE FROM sequences WHERE store IN ({first}, {last})");
        _database.Execute($"DELETE FROM entities WHERE id = {entityId}");
    }

    public void Dispose()
    {
        foreach (var statement in new[] { _insert, _delete, _update, _replace, _reserve, _duplicate, _begin, _commit })
            statement.Dispose();
    }
}
