namespace Serverless.Inference.Lifecycle;

/// <summary>What may follow what in the life of a model version.</summary>
internal static class ModelStates
{
    private static readonly Dictionary<ModelState, ModelState[]> Next = new()
    {
        [ModelState.Unloaded] = [ModelState.Loading],
        [ModelState.Loading] = [ModelState.WarmingUp, ModelState.Failed],
        [ModelState.WarmingUp] = [ModelState.Ready, ModelState.Failed],
        [ModelState.Ready] = [ModelState.Draining],
        // A request that comes while the last ones finish loads it anew, beside what is going.
        [ModelState.Draining] = [ModelState.Unloaded, ModelState.Loading],
        [ModelState.Failed] = [ModelState.Loading],
    };

    public static bool CanFollow(ModelState from, ModelState to) => Next[from].Contains(to);
}
