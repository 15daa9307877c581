namespace Serverless.Inference.Execution;

/// <summary>How many runs go side by side, and with how many threads each, unless somebody says otherwise.</summary>
internal static class MachineDefaults
{
    /// <summary>
    /// One thread up to four cores, then a quarter of them up to eight. Measured on two cores: two runs with one thread each do what one
    /// run with two does while the machine is quiet; beside busy neighbours the two threads of one run wait for each other at every
    /// operator, and ResNet18 falls from 107 to 17 a second.
    /// </summary>
    public static int IntraOpThreads { get; } = Math.Clamp(Environment.ProcessorCount / 4, 1, 8);

    /// <summary>As many as fill the cores.</summary>
    public static int Instances { get; } = Math.Clamp(Environment.ProcessorCount / IntraOpThreads, 1, 64);

    /// <summary>
    /// Positions of one run on a CPU: more only falls out of its caches while the next request waits for the whole run, and of what waits
    /// fewer rows are nearer to one length (MiniLM on sentences of 34 tokens, best in process 253/s: with 32 requests in flight 216/s at 256
    /// and 187/s at 512, with 128 in flight 232/s and 224/s).
    /// </summary>
    public const int Elements = 256;

    /// <summary>Positions of one run on a device, which a CPU's number would leave idle. Not measured yet.</summary>
    public const int DeviceElements = 8192;
}
