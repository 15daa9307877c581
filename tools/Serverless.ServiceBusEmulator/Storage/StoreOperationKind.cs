namespace Serverless.ServiceBusEmulator.Storage;

internal enum StoreOperationKind
{
    InsertMessage,
    DeleteMessage,
    UpdateMessage,
    ReplaceContent,
    ReserveSequence,
    SetSessionState,
    InsertDuplicate,
    ExpireDuplicates,
    PutEntity,
    DeleteEntity,
}
