namespace Serverless.FunctionsHost.Settings;

internal enum QueueMessageFormat
{
    Base64,
    None,
}
