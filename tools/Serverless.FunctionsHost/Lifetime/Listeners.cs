using Serverless.FunctionsHost.Settings;
using Serverless.FunctionsHost.Worker;

namespace Serverless.FunctionsHost.Lifetime;

/// <summary>
/// Runs the loops of all queue and timer functions. They stop taking work as soon as the host is told to stop; what they have taken
/// is finished, in the same time as requests are.
/// </summary>
internal sealed partial class Listeners(
    WorkerGate gate, ListenerFactory factory, IHostApplicationLifetime lifetime, ILogger<Listeners> logger) : IHostedService
{
    private readonly List<Task> _running = [];

    public Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var function in gate.Current?.Functions ?? [])
        {
            try
            {
                if (factory.Create(function) is { } listener)
                    _running.Add(Task.Run(() => listener(lifetime.ApplicationStopping), CancellationToken.None));
            }
            catch (HostConfigurationException e)
            {
                LogNotStarted(function.Name, e.Message);
            }
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.WhenAll(_running).WaitAsync(cancellationToken);

    [LoggerMessage(EventId = 1, Level = LogLevel.Error, Message = "Function {Name} is not triggered: {Reason}")]
    private partial void LogNotStarted(string name, string reason);
}
