using System.Runtime.Intrinsics;
using Serverless.Inference.Generation.Sampling;

namespace Serverless.Inference.Tests.Generation.Sampling;

public sealed class LanePackingTests
{
    [Fact]
    public void Order_EveryChoiceOfLanes_BringsThemToTheFrontInOrder()
    {
        for (var chosen = 0u; chosen < 256; chosen++)
        {
            var expected = Enumerable.Range(0, 8).Where(lane => (chosen >> lane & 1) != 0).ToList();
            var lanes = new int[8];

            LanePacking.Order(chosen).CopyTo(lanes);

            Assert.Equal(expected, lanes.Take(expected.Count));
            Assert.All(lanes, lane => Assert.InRange(lane, 0, 7));
        }
    }
}
