using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace Serverless.SampleFunctions.Queues;

/// <summary>An HTTP answer and messages at once.</summary>
public sealed class SendManyResult(IActionResult answer, string[] messages)
{
    [HttpResult]
    public IActionResult Answer { get; } = answer;

    [QueueOutput("sample-sent")]
    public string[] Messages { get; } = messages;
}
