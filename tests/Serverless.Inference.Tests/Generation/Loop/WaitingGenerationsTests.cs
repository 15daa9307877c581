using Microsoft.Extensions.Time.Testing;
using Serverless.Inference.Execution;
using Serverless.Inference.Generation;
using Serverless.Inference.Generation.Loop;

namespace Serverless.Inference.Tests.Generation.Loop;

public sealed class WaitingGenerationsTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly WaitingGenerations _waiting;

    public WaitingGenerationsTests() => _waiting = new WaitingGenerations(_time);

    [Fact]
    public void Take_OneTenant_IsFirstComeFirstServed()
    {
        var all = Enumerable.Range(1, 5).Select(_ => Add(new RunTerms())).ToList();

        Assert.Equal(all, TakeAll());
    }

    [Fact]
    public void Take_TenantsOfDifferentWeight_AreServedByIt()
    {
        for (var i = 0; i < 6; i++)
            Add(new RunTerms(Tenant: "heavy", Weight: 2));
        for (var i = 0; i < 3; i++)
            Add(new RunTerms(Tenant: "light"));

        var order = TakeAll().Select(generation => generation.Terms.Tenant).ToList();

        Assert.Equal(2, order.Take(3).Count(tenant => tenant == "heavy"));
        Assert.Equal(4, order.Take(6).Count(tenant => tenant == "heavy"));
    }

    [Fact]
    public void Take_BatchWork_GoesAfterInteractiveUntilItHasWaitedLong()
    {
        var batch = Add(new RunTerms(Priority: RunPriority.Batch));
        var interactive = Add(new RunTerms());
        Assert.Same(interactive, _waiting.Peek());

        _time.Advance(TimeSpan.FromSeconds(6));

        Assert.Same(batch, _waiting.Peek());
    }

    [Fact]
    public void TakeVictim_ForInteractiveWork_IsTheNewestBatchWork()
    {
        Add(new RunTerms(Priority: RunPriority.Batch));
        var newest = Add(new RunTerms(Priority: RunPriority.Batch));
        Add(new RunTerms());

        Assert.Null(_waiting.TakeVictim(Make(new RunTerms(Priority: RunPriority.Batch))));
        Assert.Same(newest, _waiting.TakeVictim(Make(new RunTerms())));
        Assert.Equal(2, _waiting.Count);
    }

    private DecoderGeneration Add(RunTerms terms)
    {
        var generation = Make(terms);
        _waiting.Add(generation);
        return generation;
    }

    private DecoderGeneration Make(RunTerms terms) => new(
        new GenerationRequest { Prompt = [1] }, new GenerationTerms([1], 10, terms, TestContext.Current.CancellationToken), _time);

    private List<DecoderGeneration> TakeAll()
    {
        var order = new List<DecoderGeneration>();
        while (_waiting.Peek() is { } next)
        {
            _waiting.Take(next);
            order.Add(next);
        }

        return order;
    }
}
