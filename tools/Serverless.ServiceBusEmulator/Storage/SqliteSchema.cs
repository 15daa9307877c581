namespace Serverless.ServiceBusEmulator.Storage;

internal static class SqliteSchema
{
    private const long Version = 1;

    // A killed process loses nothing that WAL holds, with synchronous=NORMAL: the kernel has the pages. FULL would add an
    // fsync per commit, against power loss only. Checkpoints come every 8192 pages (32 MiB), not every 4 MiB, because
    // each one syncs.
    private const string Settings = """
        PRAGMA journal_mode=WAL;
        PRAGMA synchronous=NORMAL;
        PRAGMA wal_autocheckpoint=8192;
        PRAGMA cache_size=-16384;
        PRAGMA temp_store=MEMORY;
        """;

    // Content comes last, so that reading the index at start does not have to step over it.
    private const string Tables = """
        CREATE TABLE IF NOT EXISTS messages (
            id INTEGER PRIMARY KEY, status INTEGER NOT NULL, delivery_count INTEGER NOT NULL, enqueued_sequence INTEGER NOT NULL,
            enqueued INTEGER NOT NULL, expires INTEGER NOT NULL, scheduled INTEGER NOT NULL, hops INTEGER NOT NULL,
            size INTEGER NOT NULL, session TEXT, content BLOB NOT NULL);
        CREATE TABLE IF NOT EXISTS entities (id INTEGER PRIMARY KEY, description TEXT NOT NULL);
        CREATE TABLE IF NOT EXISTS sequences (store INTEGER PRIMARY KEY, reserved INTEGER NOT NULL);
        CREATE TABLE IF NOT EXISTS session_states (
            store INTEGER NOT NULL, session TEXT NOT NULL, state BLOB NOT NULL, PRIMARY KEY (store, session)) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS duplicates (
            store INTEGER NOT NULL, message_id TEXT NOT NULL, expires INTEGER NOT NULL, PRIMARY KEY (store, message_id)) WITHOUT ROWID;
        """;

    public static void Prepare(SqliteDatabase database)
    {
        database.Execute(Settings);
        var version = ReadVersion(database);
        if (version > Version)
            throw new InvalidDataException($"The message store has version {version}; this emulator reads up to {Version}.");
        database.Execute(Tables);
        database.Execute($"PRAGMA user_version={Version}");
    }

    private static long ReadVersion(SqliteDatabase database)
    {
        using var statement = database.Prepare("PRAGMA user_version");
        return statement.Step() ? statement.Number(0) : 0;
    }
}
