namespace Serverless.ServiceBusEmulator.Storage;

/// <summary>One change for the store; <see cref="StoreUnit"/> groups those that must become durable together.</summary>
internal readonly record struct StoreOperation
{
    public StoreOperationKind Kind { get; private init; }

    /// <summary>The message's row; what else the id is for other kinds is said at their factories.</summary>
    public MessageRecord Record { get; private init; }

    public byte[]? Content { get; private init; }

    public string? Text { get; private init; }

    public long Number { get; private init; }

    public static StoreOperation Insert(MessageRecord record, byte[] content) =>
        new() { Kind = StoreOperationKind.InsertMessage, Record = record, Content = content };

    public static StoreOperation Delete(long rowId) =>
        new() { Kind = StoreOperationKind.DeleteMessage, Record = new MessageRecord { RowId = rowId } };

    public static StoreOperation Update(MessageRecord record) =>
        new() { Kind = StoreOperationKind.UpdateMessage, Record = record };

    public static StoreOperation ReplaceContent(long rowId, byte[] content) =>
        new() { Kind = StoreOperationKind.ReplaceContent, Record = new MessageRecord { RowId = rowId }, Content = content };

    public static StoreOperation ReserveSequence(long storeId, long upTo) =>
        new() { Kind = StoreOperationKind.ReserveSequence, Record = new MessageRecord { RowId = storeId }, Number = upTo };

    public static StoreOperation SetSessionState(long storeId, string sessionId, byte[]? state) =>
        new()
        {
            Kind = StoreOperationKind.SetSessionState,
            Record = new MessageRecord { RowId = storeId },
            Text = sessionId,
            Content = state,
        };

    public static StoreOperation InsertDuplicate(long storeId, string messageId, long expiresTicks) =>
        new()
        {
            Kind = StoreOperationKind.InsertDuplicate,
            Record = new MessageRecord { RowId = storeId },
            Text = messageId,
            Number = expiresTicks,
        };

    public static StoreOperation ExpireDuplicates(long storeId, long beforeTicks) =>
        new() { Kind = StoreOperationKind.ExpireDuplicates, Record = new MessageRecord { RowId = storeId }, Number = beforeTicks };

    public static StoreOperation PutEntity(long entityId, string json) =>
        new() { Kind = StoreOperationKind.PutEntity, Record = new MessageRecord { RowId = entityId }, Text = json };

    /// <summary>Removes an entity and the messages, session states and duplicate history of both its stores.</summary>
    public static StoreOperation DeleteEntity(long entityId) =>
        new() { Kind = StoreOperationKind.DeleteEntity, Record = new MessageRecord { RowId = entityId } };
}
