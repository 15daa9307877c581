using SQLitePCL;

namespace Serverless.ServiceBusEmulator.Storage;

/// <summary>One connection to the database file.</summary>
internal sealed class SqliteDatabase : IDisposable
{
    private readonly sqlite3 _handle;

    static SqliteDatabase() => Batteries_V2.Init();

    public SqliteDatabase(string path)
    {
        var result = raw.sqlite3_open_v2(path, out _handle, raw.SQLITE_OPEN_READWRITE | raw.SQLITE_OPEN_CREATE, null);
        if (result != raw.SQLITE_OK)
            throw new IOException($"The database '{path}' cannot be opened: {raw.sqlite3_errstr(result).utf8_to_string()}.");
        raw.sqlite3_busy_timeout(_handle, 10_000);
    }

    public SqliteStatement Prepare(string sql)
    {
        Check(raw.sqlite3_prepare_v2(_handle, sql, out var statement));
        return new SqliteStatement(this, statement);
    }

    public void Execute(string sql) => Check(raw.sqlite3_exec(_handle, sql));

    public void Check(int result)
    {
        if (result is not (raw.SQLITE_OK or raw.SQLITE_DONE))
            throw new IOException($"The message store failed: {raw.sqlite3_errmsg(_handle).utf8_to_string()} (SQLite {result}).");
    }

    public void Dispose() => _handle.Dispose();
}
