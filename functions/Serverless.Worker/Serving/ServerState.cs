using Serverless.Worker.Draining;

namespace Serverless.Worker.Serving;

/// <summary>
/// Whether this worker takes requests. Only models that are to be preloaded count, until they have been tried: the others are loaded by the
/// requests that need them.
/// </summary>
internal sealed class ServerState(Drain drain, ModelPreload preload)
{
    public bool IsReady => !drain.Begun.IsCancellationRequested && preload.IsDone;
}
