namespace Serverless.FunctionsHost.Tests.Running;

internal sealed record SampleEvent(DateTimeOffset At, string Detail);
