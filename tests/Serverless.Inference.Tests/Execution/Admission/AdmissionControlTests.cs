using Serverless.Contracts.Errors;
using Serverless.Inference.Execution;
using Serverless.Inference.Execution.Admission;

namespace Serverless.Inference.Tests.Execution.Admission;

public sealed class AdmissionControlTests
{
    private static readonly ServingCapacity Busy = new(Instances: 1, Idle: 0, UntilIdle: 0, Units: 8);

    private readonly Waiting _waiting = new();

    [Fact]
    public void FindRefusal_WaitIsLongerThanTheDeadline_IsOverloadedWithRetryAfter()
    {
        _waiting.Times.Add(1, TimeSpan.FromMilliseconds(100));
        for (var i = 0; i < 20; i++)
            _waiting.Add();

        var refusal = Find(new RunTerms(_waiting.After(1)));

        Assert.Equal(ErrorKind.Overloaded, refusal!.Error.Kind);
        Assert.Equal(1.1, refusal.Error.RetryAfter!.Value.TotalSeconds, 0.02);
        Assert.Null(Find(new RunTerms(_waiting.After(3))));
        Assert.Null(Find(RunTerms.Default));
    }

    [Fact]
    public void FindRefusal_RunsTogetherAreQuicker_ReckonsWithThem()
    {
        _waiting.Times.Add(1, TimeSpan.FromMilliseconds(100));
        _waiting.Times.Add(8, TimeSpan.FromMilliseconds(160));
        for (var i = 0; i < 20; i++)
            _waiting.Add();

        Assert.Null(Find(new RunTerms(_waiting.After(1))));
    }

    [Fact]
    public void FindRefusal_AnotherTenantsBacklog_CountsNoMoreThanTheShare()
    {
        _waiting.Times.Add(1, TimeSpan.FromMilliseconds(100));
        for (var i = 0; i < 50; i++)
            _waiting.Add("large");

        Assert.NotNull(Find(new RunTerms(_waiting.After(1), Tenant: "large")));
        Assert.Null(Find(new RunTerms(_waiting.After(1), Tenant: "small")));
    }

    [Fact]
    public void FindRefusal_BatchBacklog_DoesNotKeepInteractiveOut()
    {
        _waiting.Times.Add(1, TimeSpan.FromMilliseconds(100));
        for (var i = 0; i < 50; i++)
            _waiting.Add(priority: RunPriority.Batch);

        Assert.Null(Find(new RunTerms(_waiting.After(0.5))));
    }

    [Fact]
    public void FindRefusal_NothingInTheWay_LetsItTryThoughItIsExpectedToBeLate()
    {
        _waiting.Times.Add(1, TimeSpan.FromMilliseconds(100));

        Assert.Null(_waiting.Admission.FindRefusal(
            new RunTerms(_waiting.After(0.01)), Waiting.Row, _waiting.Now, Busy with { Idle = 1 }));
    }

    [Fact]
    public void FindRefusal_DeadlineHasPassed_IsDeadlineExceeded() =>
        Assert.Equal(ErrorKind.DeadlineExceeded, Find(new RunTerms(_waiting.Now))!.Error.Kind);

    [Fact]
    public void FindFullness_RowsOrBytes_AreBoundedButTheFirstIsTaken()
    {
        var settings = new ServingSettings { QueueRows = 2 };

        Assert.Null(_waiting.Admission.FindFullness(Waiting.Row with { Rows = 5 }, settings));
        _waiting.Add(rows: 2);
        Assert.Contains("2 rows", _waiting.Admission.FindFullness(Waiting.Row, settings)!.Error.Message, StringComparison.Ordinal);
        settings = new ServingSettings { QueueRows = 10, QueueBytes = 100 };
        Assert.Contains("100 bytes", _waiting.Admission.FindFullness(Waiting.Row, settings)!.Error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void FindVictim_BatchWaits_MakesRoomForInteractive()
    {
        _waiting.Add("a");
        var batch = _waiting.Add("b", priority: RunPriority.Batch);

        Assert.Same(batch, _waiting.Admission.FindVictim(RunTerms.Default, Waiting.Row));
    }

    [Fact]
    public void FindVictim_TenantWithMoreThanItsShare_MakesRoomForOneWithLess()
    {
        _waiting.Add("large");
        var newest = _waiting.Add("large");

        Assert.Same(newest, _waiting.Admission.FindVictim(new RunTerms(null, Tenant: "small"), Waiting.Row));
        Assert.Null(_waiting.Admission.FindVictim(new RunTerms(null, Tenant: "large"), Waiting.Row));
        Assert.Null(_waiting.Admission.FindVictim(new RunTerms(null, RunPriority.Batch, "small"), Waiting.Row));
    }

    private Refusal? Find(RunTerms terms) => _waiting.Admission.FindRefusal(terms, Waiting.Row, _waiting.Now, Busy);
}
