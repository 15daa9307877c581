using Serverless.ContainerHost.Ingress;
using Serverless.ContainerHost.Probes;
using Serverless.Scaling;
using Serverless.Topology.Processes;

namespace Serverless.ContainerHost.Replicas;

/// <summary>One replica from its process's start to its end.</summary>
internal sealed partial class ReplicaRun(
    ReplicaProber prober, Rotation rotation, WorkerScale rules, TimeProvider time, ILogger<ReplicaRun> logger)
{
    /// <summary>
    /// How long a replica that has left the rotation may go on listening, so that what was just sent to it arrives: SIGTERM closes its port.
    /// </summary>
    private static readonly TimeSpan Arrival = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan ArrivalCheck = TimeSpan.FromMilliseconds(20);

    /// <summary>Returns when the process has ended, however it came to it.</summary>
    public async Task RunAsync(Replica replica, ServiceCommand command)
    {
        try
        {
            await using var process = await ServiceProcess.StartAsync(command, line => LogOutput(command.Name, line));
            replica.ProcessId = process.Id;
            LogStarted(replica.Name, process.Id, replica.Address);
            await LiveAsync(replica, process);
        }
        catch (ServiceStartException e)
        {
            replica.End(ReplicaState.Crashed, e.Message);
            LogCrashed(replica.Name, e.Message);
        }
        finally
        {
            // Whatever went wrong, it must not count as running for ever.
            if (replica.Ended is null)
                replica.End(ReplicaState.Crashed, "lost");
        }
    }

    private async Task LiveAsync(Replica replica, ServiceProcess process)
    {
        using var probing = new CancellationTokenSource();
        var failed = prober.RunAsync(replica, ready => OnReadiness(replica, ready), probing.Token);
        var first = await Task.WhenAny(process.Exited, failed, replica.Unwanted);
        rotation.Remove(replica);
        await probing.CancelAsync();
        if (first == replica.Unwanted)
            await DrainAsync(replica, process);
        else
            await CrashAsync(replica, process, failed);
        await ((Task)failed).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private void OnReadiness(Replica replica, bool ready)
    {
        if (!replica.TryReach(ready))
            return;
        if (ready)
            rotation.Add(replica);
        else
            rotation.Remove(replica);
        var age = time.GetUtcNow() - replica.Started;
        LogReadiness(replica.Name, replica.State, age);
    }

    private async Task DrainAsync(Replica replica, ServiceProcess process)
    {
        var start = time.GetTimestamp();
        while (replica.InFlight > 0 && time.GetElapsedTime(start) < Arrival)
            await Task.Delay(ArrivalCheck, time);
        LogDraining(replica.Name, replica.InFlight, rules.TerminationGrace);
        var byItself = await process.StopAsync(rules.TerminationGrace);
        replica.End(ReplicaState.Stopped, byItself ? null : $"killed after {rules.TerminationGrace.TotalSeconds:0} s");
        var took = time.GetElapsedTime(start);
        LogStopped(replica.Name, took, byItself);
    }

    private async Task CrashAsync(Replica replica, ServiceProcess process, Task<string> failed)
    {
        var reason = failed.IsCompletedSuccessfully ? $"failed its {failed.Result} probe" : "ended by itself";
        await process.StopAsync(rules.TerminationGrace);
        replica.End(ReplicaState.Crashed, process.Output is [.., var last] ? $"{reason}: {last}" : reason);
        LogCrashed(replica.Name, reason);
    }

    [LoggerMessage(EventId = 1, Level = LogLevel.Information, Message = "Replica {Replica} started: process {Pid}, {Address}")]
    private partial void LogStarted(string replica, int pid, Uri address);

    [LoggerMessage(EventId = 2, Level = LogLevel.Information, Message = "Replica {Replica} is {State} {Age} after its start")]
    private partial void LogReadiness(string replica, ReplicaState state, TimeSpan age);

    [LoggerMessage(EventId = 3, Level = LogLevel.Information, Message = "Replica {Replica} drains {InFlight} requests; it has {Grace}")]
    private partial void LogDraining(string replica, int inFlight, TimeSpan grace);

    [LoggerMessage(EventId = 4, Level = LogLevel.Information, Message = "Replica {Replica} stopped within {Took}, by itself: {ByItself}")]
    private partial void LogStopped(string replica, TimeSpan took, bool byItself);

    [LoggerMessage(EventId = 5, Level = LogLevel.Error, Message = "Replica {Replica} crashed: {Reason}")]
    private partial void LogCrashed(string replica, string reason);

    [LoggerMessage(EventId = 6, Level = LogLevel.Information, Message = "[{Replica}] {Line}")]
    private partial void LogOutput(string replica, string line);
}
