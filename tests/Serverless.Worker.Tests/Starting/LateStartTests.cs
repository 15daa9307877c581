using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Serverless.Worker.Configuration;
using Serverless.Worker.Draining;
using Serverless.Worker.Serving;
using Serverless.Worker.Starting;

namespace Serverless.Worker.Tests.Starting;

public sealed class LateStartTests : IAsyncDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly ApplicationLifetime _lifetime = new(NullLogger<ApplicationLifetime>.Instance);
    private readonly CountedService _service = new();
    private readonly Drain _drain;
    private readonly ServiceProvider _services;
    private readonly LateStart<CountedService> _late;

    public LateStartTests()
    {
        _drain = new Drain(_lifetime, Options.Create(new WorkerOptions()), _time, NullLogger<Drain>.Instance);
        _services = new ServiceCollection().AddSingleton(_service).BuildServiceProvider();
        // Nothing is preloaded: that has been tried at once, and the registry is never asked.
        var preload = new ModelPreload(null!, Options.Create(new WorkerOptions()), _lifetime, NullLogger<ModelPreload>.Instance);
        _late = new LateStart<CountedService>(_services, preload, _drain, _lifetime, _time, NullLogger<CountedService>.Instance);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Started_NobodyComes_StartsAfterAMoment()
    {
        await BeginAsync();
        Assert.Equal(0, _service.Starts);

        await AdvanceAsync(200);

        Assert.Same(_service, await _late.Started);
        Assert.Equal(1, _service.Starts);
    }

    [Fact]
    public async Task Started_RequestAtHand_WaitsForItsAnswer()
    {
        _drain.Enter();
        await BeginAsync();
        await AdvanceAsync(500);
        Assert.Equal(0, _service.Starts);

        _drain.Leave();
        await AdvanceAsync(20);

        Assert.Same(_service, await _late.Started);
    }

    [Fact]
    public async Task Started_RequestsWithoutEnd_StartsAllTheSame()
    {
        _drain.Enter();
        await BeginAsync();

        await AdvanceAsync(1100);

        Assert.Same(_service, await _late.Started);
    }

    [Fact]
    public async Task Started_WorkerStopsBefore_IsNeverStarted()
    {
        await BeginAsync();
        _lifetime.StopApplication();

        await AdvanceAsync(200);

        Assert.Null(await _late.Started);
        await _late.StoppingAsync(Token);
        await _late.StopAsync(Token);
        Assert.Equal((0, 0), (_service.Starts, _service.Stops));
    }

    [Fact]
    public async Task Started_PreloadThatFails_StartsAllTheSame()
    {
        await using var worker = await RunningWorker.StartAsync("--Worker:Preload:0=missing");
        var preload = worker.Services.GetRequiredService<ModelPreload>();
        var late = new LateStart<CountedService>(_services, preload, _drain, _lifetime, TimeProvider.System, NullLogger<CountedService>.Instance);

        await late.StartedAsync(Token);

        Assert.Same(_service, await late.Started);
    }

    [Fact]
    public async Task Started_ServiceThatCannotStart_EndsTheWorker()
    {
        _service.Failure = new InvalidOperationException("no such queue");
        await BeginAsync();
        try
        {
            await AdvanceAsync(200);

            Assert.Null(await _late.Started);
            Assert.True(_lifetime.ApplicationStopping.IsCancellationRequested);
            Assert.Equal(1, Environment.ExitCode);
        }
        finally
        {
            // It is this process's as well.
            Environment.ExitCode = 0;
        }
    }

    [Fact]
    public async Task Stop_Started_StopsTheService()
    {
        await BeginAsync();
        await AdvanceAsync(200);
        await _late.Started;

        await _late.StoppingAsync(Token);
        await _late.StopAsync(Token);

        Assert.Equal(1, _service.Stops);
    }

    public async ValueTask DisposeAsync()
    {
        _drain.Dispose();
        await _services.DisposeAsync();
    }

    private async Task BeginAsync()
    {
        await _late.StartedAsync(Token);
        // Until it waits for time to pass.
        await AdvanceAsync(0);
    }

    // In steps as small as its own, each with time to be noticed.
    private async Task AdvanceAsync(int milliseconds)
    {
        for (var passed = 0; passed <= milliseconds; passed += 5)
        {
            await Task.Delay(1, Token);
            _time.Advance(TimeSpan.FromMilliseconds(Math.Min(5, milliseconds)));
        }

        if (_late.Started.IsCompleted)
            return;
        await Task.Delay(20, Token);
    }

    private sealed class CountedService : IHostedService
    {
        public int Starts { get; private set; }

        public int Stops { get; private set; }

        public Exception? Failure { get; set; }

        public Task StartAsync(CancellationToken cancellationToken)
        {
            Starts++;
            return Failure is { } failure ? Task.FromException(failure) : Task.CompletedTask;
        }

        public Task StopAsync(CancellationToken cancellationToken)
        {
            Stops++;
            return Task.CompletedTask;
        }
    }
}
