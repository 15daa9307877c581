using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace Serverless.SampleFunctions.Queues;

/// <summary>An HTTP answer and one message.</summary>
public sealed class SendLateResult(IActionResult answer, string message)
{
    [HttpResult]
    public IActionResult Answer { get; } = answer;

    [QueueOutput("sample-sent-late")]
    public string Message { get; } = message;
}
