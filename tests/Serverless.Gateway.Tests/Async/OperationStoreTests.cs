using Azure.Data.Tables;
using Azure.Storage.Blobs;
using Microsoft.Extensions.Time.Testing;
using Serverless.Gateway.Async;
using Serverless.TestKit;

namespace Serverless.Gateway.Tests.Async;

public sealed class OperationStoreTests(AzuriteFixture azurite) : IClassFixture<AzuriteFixture>
{
    private readonly FakeTimeProvider _time = new(TimeProvider.System.GetUtcNow());

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task TryAdd_SameIdWhileItIsKept_GivesBackTheFirst()
    {
        var store = Create();
        await store.TryAddAsync(Row("op_kept", "first"), Token);

        var existing = await store.TryAddAsync(Row("op_kept", "second"), Token);

        Assert.Equal("first", existing?.Fingerprint);
    }

    [Fact]
    public async Task TryAdd_SameIdAfterItsTime_IsANewOperation()
    {
        var store = Create();
        await store.TryAddAsync(Row("op_expired", "first"), Token);
        _time.Advance(TimeSpan.FromHours(2));

        var existing = await store.TryAddAsync(Row("op_expired", "second"), Token);

        Assert.Null(existing);
        Assert.Equal("second", (await store.FindAsync("tenant", "op_expired", Token))?.Fingerprint);
    }

    private OperationStore Create() =>
        new(new TableServiceClient(azurite.ConnectionString), new BlobServiceClient(azurite.ConnectionString), _time);

    private OperationRow Row(string id, string fingerprint) => new()
    {
        PartitionKey = "tenant",
        RowKey = id,
        Fingerprint = fingerprint,
        CreatedAt = _time.GetUtcNow(),
        ExpiresAt = _time.GetUtcNow() + TimeSpan.FromHours(1),
    };
}
