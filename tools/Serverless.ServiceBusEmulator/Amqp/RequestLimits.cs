namespace Serverless.ServiceBusEmulator.Amqp;

internal static class RequestLimits
{
    // A request to schedule messages carries them: room for as many as a batch takes.
    public const ulong MaxBytes = 4 * 1024 * 1024;
}
