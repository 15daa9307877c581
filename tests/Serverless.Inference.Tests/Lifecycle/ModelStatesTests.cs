using Serverless.Inference.Lifecycle;

namespace Serverless.Inference.Tests.Lifecycle;

public sealed class ModelStatesTests
{
    [Fact]
    public void CanFollow_EveryPair_IsAsDocumented()
    {
        (ModelState From, ModelState To)[] allowed =
        [
            (ModelState.Unloaded, ModelState.Loading),
            (ModelState.Loading, ModelState.WarmingUp), (ModelState.Loading, ModelState.Failed),
            (ModelState.WarmingUp, ModelState.Ready), (ModelState.WarmingUp, ModelState.Failed),
            (ModelState.Ready, ModelState.Draining),
            (ModelState.Draining, ModelState.Unloaded), (ModelState.Draining, ModelState.Loading),
            (ModelState.Failed, ModelState.Loading),
        ];

        var found = from before in Enum.GetValues<ModelState>()
                    from after in Enum.GetValues<ModelState>()
                    where ModelStates.CanFollow(before, after)
                    select (before, after);

        Assert.Equal(allowed.Order(), found.Order());
    }
}
