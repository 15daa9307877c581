namespace Serverless.FunctionsHost.Functions;

internal static class BindingTypes
{
    public const string Http = "httpTrigger";
    public const string Queue = "queueTrigger";
    public const string Timer = "timerTrigger";
    public const string QueueOutput = "queue";
}
