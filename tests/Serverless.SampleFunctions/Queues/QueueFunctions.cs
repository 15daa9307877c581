using System.Globalization;
using Microsoft.Azure.Functions.Worker;

namespace Serverless.SampleFunctions.Queues;

/// <summary>Functions that run once per message, and what they put on other queues.</summary>
public sealed class QueueFunctions(EventLog events)
{
    [Function("Work")]
    [QueueOutput("sample-done")]
    public string Work([QueueTrigger("%Queues__Work%")] string message, long dequeueCount, string id)
    {
        events.Add("work", message);
        return $"{message} run {dequeueCount.ToString(CultureInfo.InvariantCulture)} id {id.Length}";
    }

    /// <summary>The first run lasts for ever; a later one ends, so only a restart of the worker gets the message done.</summary>
    [Function("Stubborn")]
    [QueueOutput("sample-stubborn-done")]
    public async Task<string> Stubborn(
        [QueueTrigger("%Queues__Stubborn%")] string message, long dequeueCount, CancellationToken cancellationToken)
    {
        events.Add("stubborn", message);
        if (dequeueCount == 1) await Task.Delay(Timeout.Infinite, cancellationToken);
        return $"{message} run {dequeueCount.ToString(CultureInfo.InvariantCulture)}";
    }

    /// <summary>Runs for longer than the tests' lease.</summary>
    [Function("Slow")]
    [QueueOutput("sample-slow-done")]
    public async Task<string> Slow([QueueTrigger("sample-slow")] string message, CancellationToken cancellationToken)
    {
        events.Add("slow", message);
        await Task.Delay(int.Parse(message, CultureInfo.InvariantCulture), cancellationToken);
        return message;
    }

    [Function("Thrower")]
    public void Thrower([QueueTrigger("sample-throw")] string message, long dequeueCount)
    {
        events.Add("throw", dequeueCount.ToString(CultureInfo.InvariantCulture));
        throw new InvalidOperationException("this message cannot be handled");
    }
}
