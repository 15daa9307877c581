using Serverless.Contracts.Jobs;

namespace Serverless.Contracts.Tests.Jobs;

public sealed class BatchTransitionsTests
{
    // The whole table: a state that is not named for a trigger refuses it.
    private static readonly Dictionary<BatchTrigger, string> Expected = new()
    {
        [BatchTrigger.Validated] = "validating>in_progress",
        [BatchTrigger.Rejected] = "validating>failed",
        [BatchTrigger.ShardsEnded] = "in_progress>finalizing",
        [BatchTrigger.Composed] = "finalizing>completed cancelling>cancelled",
        [BatchTrigger.Cancel] = "validating>cancelling in_progress>cancelling cancelling>cancelling",
        [BatchTrigger.Expire] = "validating>finalizing in_progress>finalizing",
        [BatchTrigger.Redrive] = "in_progress>in_progress completed>in_progress",
    };

    [Fact]
    public void Next_EveryStateAndTrigger_FollowsTheTable()
    {
        foreach (var trigger in Enum.GetValues<BatchTrigger>())
        {
            var found = Enum.GetValues<BatchStatus>()
                .Select(from => (From: from, To: BatchTransitions.Next(from, trigger)))
                .Where(step => step.To is not null)
                .Select(step => $"{BatchStatuses.NameOf(step.From)}>{BatchStatuses.NameOf(step.To!.Value)}");
            Assert.Equal(Expected[trigger].Split(' ').Order(), found.Order());
        }
    }

    [Fact]
    public void Next_ComposedAfterExpiry_IsExpired() =>
        Assert.Equal(BatchStatus.Expired, BatchTransitions.Next(BatchStatus.Finalizing, BatchTrigger.Composed, expired: true));

    [Fact]
    public void Parse_EveryName_IsItsStatus() =>
        Assert.All(Enum.GetValues<BatchStatus>(), status => Assert.Equal(status, BatchStatuses.Parse(BatchStatuses.NameOf(status))));
}
