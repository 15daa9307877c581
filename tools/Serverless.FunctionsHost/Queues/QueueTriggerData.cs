using System.Text.Json;
using Azure.Storage.Queues.Models;
using Google.Protobuf;
using Serverless.FunctionsHost.Functions;
using Serverless.FunctionsHost.Rpc.Messages;

namespace Serverless.FunctionsHost.Queues;

/// <summary>A queue message in the form that the worker's queue binding reads.</summary>
internal static class QueueTriggerData
{
    public static TypedData Create(FunctionBinding trigger, QueueMessage message, BinaryData body)
    {
        if (trigger.SupportsDeferredBinding) return new TypedData { ModelBindingData = CreateReference(message, body) };
        return string.Equals(trigger.Text("dataType"), "Binary", StringComparison.OrdinalIgnoreCase)
            ? new TypedData { Bytes = UnsafeByteOperations.UnsafeWrap(body.ToMemory()) }
            : new TypedData { String = body.ToString() };
    }

    public static void AddMetadata(InvocationRequest request, QueueMessage message, BinaryData body)
    {
        var metadata = request.TriggerMetadata;
        metadata["QueueTrigger"] = new TypedData { String = body.ToString() };
        metadata["Id"] = new TypedData { String = message.MessageId };
        metadata["PopReceipt"] = new TypedData { String = message.PopReceipt };
        metadata["DequeueCount"] = Json(message.DequeueCount);
        metadata["InsertionTime"] = Json(message.InsertedOn);
        metadata["ExpirationTime"] = Json(message.ExpiresOn);
        metadata["NextVisibleTime"] = Json(message.NextVisibleOn);
    }

    private static TypedData Json<T>(T value) => new() { Json = JsonSerializer.Serialize(value) };

    private static ModelBindingData CreateReference(QueueMessage message, BinaryData body)
    {
        var content = new Dictionary<string, object?>
        {
            ["MessageId"] = message.MessageId,
            ["PopReceipt"] = message.PopReceipt,
            ["MessageText"] = body.ToString(),
            ["DequeueCount"] = message.DequeueCount,
            ["NextVisibleOn"] = message.NextVisibleOn,
            ["InsertedOn"] = message.InsertedOn,
            ["ExpiresOn"] = message.ExpiresOn,
        };
        return new ModelBindingData
        {
            Version = "1.0",
            Source = "AzureStorageQueues",
            ContentType = "application/json",
            Content = UnsafeByteOperations.UnsafeWrap(JsonSerializer.SerializeToUtf8Bytes(content)),
        };
    }
}
