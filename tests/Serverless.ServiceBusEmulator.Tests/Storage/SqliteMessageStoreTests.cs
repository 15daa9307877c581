using Microsoft.Extensions.Logging.Abstractions;
using Serverless.ServiceBusEmulator.Storage;
using Serverless.ServiceBusEmulator.Tests.Queues;

namespace Serverless.ServiceBusEmulator.Tests.Storage;

public sealed class SqliteMessageStoreTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("sbe-store-").FullName;

    [Fact]
    public async Task Load_AfterReopen_HasWhatWasCommitted()
    {
        await using (var store = Open())
        {
            await CommitAsync(store, Insert(1), Insert(2), Insert(3));
            await CommitAsync(store, StoreOperation.Delete(RowId.Of(2, 2)), StoreOperation.ReserveSequence(2, 10_000));
        }

        await using var reopened = Open();
        var snapshot = reopened.Load();

        Assert.Equal([1, 3], snapshot.Messages.Select(record => RowId.SequenceNumber(record.RowId)));
        Assert.Equal(10_000, snapshot.Sequences[2]);
    }

    [Fact]
    public async Task Commit_InsertAndDeleteTogether_LeavesNothing()
    {
        await using var store = Open();

        await CommitAsync(
            store, Insert(1), StoreOperation.Update(new MessageRecord { RowId = RowId.Of(2, 1) }), StoreOperation.Delete(RowId.Of(2, 1)));

        Assert.Empty(store.Load().Messages);
    }

    [Fact]
    public async Task DeleteEntity_Committed_TakesItsMessagesAndNoOthers()
    {
        await using var store = Open();
        await CommitAsync(store, Insert(1), Insert(1, storeId: 3), Insert(1, storeId: 4), StoreOperation.PutEntity(1, "{}"));

        await CommitAsync(store, StoreOperation.DeleteEntity(1));

        var snapshot = store.Load();
        Assert.Equal([RowId.Of(4, 1)], snapshot.Messages.Select(record => record.RowId));
        Assert.Empty(snapshot.Entities);
    }

    [Fact]
    public async Task Open_DirectoryInUse_IsRefused()
    {
        await using var store = Open();

        var error = Assert.Throws<IOException>(() => Open());

        Assert.Contains("in use by another emulator", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Backlog_BeyondTheCache_IsReadBackInOrder()
    {
        await using var store = Open();
        // The harness's cache holds 64 KiB; each message has some 20 bytes of content.
        using var harness = new QueueHarness(store: store);
        for (var count = 0; count < 5000; count++)
            await harness.SendAsync();
        var consumer = new FakeConsumer(int.MaxValue, settlesOnDelivery: true);

        await harness.AttachAsync(consumer);

        Assert.Equal(Enumerable.Range(1, 5000).Select(number => (long)number), consumer.Numbers);
        Assert.Empty(store.Load().Messages);
    }

    private SqliteMessageStore Open() => new(_directory, NullLogger.Instance, exception => throw exception);

    private static StoreOperation Insert(long number, long storeId = 2) =>
        StoreOperation.Insert(new MessageRecord { RowId = RowId.Of(storeId, number) }, [1]);

    private static Task CommitAsync(SqliteMessageStore store, params StoreOperation[] operations)
    {
        var committed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var unit = new StoreUnit();
        unit.Operations.AddRange(operations);
        unit.Committed.Add(committed.SetResult);
        store.Append(unit);
        return committed.Task;
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);
}
