using SQLitePCL;

namespace Serverless.ServiceBusEmulator.Storage;

/// <summary>A prepared statement, bound by position. Thin on purpose: one insert is on the path of every message.</summary>
internal sealed class SqliteStatement(SqliteDatabase database, sqlite3_stmt statement) : IDisposable
{
    public SqliteStatement Bind(int position, long value)
    {
        database.Check(raw.sqlite3_bind_int64(statement, position, value));
        return this;
    }

    public SqliteStatement Bind(int position, string? value)
    {
        database.Check(value is null
            ? raw.sqlite3_bind_null(statement, position)
            : raw.sqlite3_bind_text(statement, position, value));
        return this;
    }

    public SqliteStatement Bind(int position, ReadOnlySpan<byte> value)
    {
        database.Check(raw.sqlite3_bind_blob(statement, position, value));
        return this;
    }

    /// <summary>Runs to the end and leaves the statement ready for the next values.</summary>
    public void Run()
    {
        try
        {
            while (Step())
            {
            }
        }
        finally
        {
            Reset();
        }
    }

    public bool Step()
    {
        var result = raw.sqlite3_step(statement);
        if (result is not (raw.SQLITE_ROW or raw.SQLITE_DONE))
            database.Check(result);
        return result == raw.SQLITE_ROW;
    }

    public void Reset() => raw.sqlite3_reset(statement);

    public long Number(int column) => raw.sqlite3_column_int64(statement, column);

    public string? Text(int column) =>
        raw.sqlite3_column_type(statement, column) == raw.SQLITE_NULL ? null : raw.sqlite3_column_text(statement, column).utf8_to_string();

    public byte[] Bytes(int column) => raw.sqlite3_column_blob(statement, column).ToArray();

    public void Dispose() => statement.Dispose();
}
