namespace Serverless.ServiceBusEmulator.Storage;

internal readonly record struct ContentRange(long FirstRowId, long LastRowId, int MaxCount, long MaxBytes);
