using Azure.Storage.Queues.Models;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace Serverless.SampleFunctions.Queues;

/// <summary>The forms in which a function may take or send messages.</summary>
public sealed class BindingFunctions(EventLog events)
{
    [Function("TakePoco")]
    public void TakePoco([QueueTrigger("sample-poco")] WorkItem item) => events.Add("poco", $"{item.Name} {item.Count}");

    [Function("TakeMessage")]
    public void TakeMessage([QueueTrigger("sample-message")] QueueMessage message) =>
        events.Add("message", $"{message.Body} {message.DequeueCount} {message.MessageId.Length}");

    [Function("TakeBytes")]
    public void TakeBytes([QueueTrigger("sample-bytes")] byte[] bytes) => events.Add("bytes", Convert.ToHexString(bytes));

    [Function("SendMany")]
    public static SendManyResult SendMany([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "send")] HttpRequest request) =>
        new(new AcceptedResult(), ["one", "two", "three"]);

    /// <summary>Ends well although its caller has left.</summary>
    [Function("SendLate")]
    public async Task<SendLateResult> SendLate([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "send-late")] HttpRequest request)
    {
        events.Add("send-late", "started");
        await Task.Delay(300, CancellationToken.None);
        return new SendLateResult(new AcceptedResult(), "late");
    }
}
