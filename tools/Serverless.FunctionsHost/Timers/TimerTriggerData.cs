using System.Globalization;
using System.Text.Json;
using Serverless.FunctionsHost.Rpc.Messages;

namespace Serverless.FunctionsHost.Timers;

/// <summary>A timer's occurrence in the form that the worker's timer binding reads.</summary>
internal static class TimerTriggerData
{
    public static TypedData Create(DateTimeOffset? last, DateTimeOffset now, DateTimeOffset next) => new()
    {
        Json = JsonSerializer.Serialize(new
        {
            Schedule = new { AdjustForDST = true },
            ScheduleStatus = new { Last = last ?? default, LastUpdated = now, Next = next },
            IsPastDue = false,
        }),
    };

    public static void AddMetadata(InvocationRequest request, DateTimeOffset now) =>
        request.TriggerMetadata["TimerTrigger"] =
            new TypedData { String = now.UtcDateTime.ToString("MM/dd/yyyy HH:mm:ss", CultureInfo.InvariantCulture) };
}
