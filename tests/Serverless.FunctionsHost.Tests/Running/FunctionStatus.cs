namespace Serverless.FunctionsHost.Tests.Running;

internal sealed record FunctionStatus(string Name, string Trigger);
