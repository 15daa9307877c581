using Microsoft.Extensions.Options;
using Serverless.Contracts.Errors;
using Serverless.Gateway.Forwarding;

namespace Serverless.Gateway.Prewarm;

/// <summary>Counts requests by model and time of day until they are written down.</summary>
internal sealed class ArrivalCounter(IOptions<PrewarmOptions> options, TimeProvider time)
{
    // Names come from callers: what is beyond this many in a minute is not counted.
    private const int MaxModels = 256;

    private readonly Lock _lock = new();
    private Dictionary<(Slot Slot, string Model), long> _arrivals = [];

    /// <summary>Whether anything is counted.</summary>
    public bool IsOn { get; } = options.Value.Predictive;

    /// <summary>Counts <paramref name="request"/>, if it names a model to run.</summary>
    public void Add(ForwardedRequest request)
    {
        if (IsOn && request.Context.Request.Method == "POST" && NameOf(request) is { } model)
            Add(Slot.At(time.GetUtcNow()), model, 1);
    }

    public void Add(Slot slot, string model, long count)
    {
        lock (_lock)
        {
            if (_arrivals.TryGetValue((slot, model), out var known) || _arrivals.Count < MaxModels)
                _arrivals[(slot, model)] = known + count;
        }
    }

    /// <summary>Gives out what was counted, and begins anew.</summary>
    public IReadOnlyDictionary<(Slot Slot, string Model), long> Take()
    {
        lock (_lock)
        {
            var taken = _arrivals;
            _arrivals = [];
            return taken;
        }
    }

    private static string? NameOf(ForwardedRequest request)
    {
        try
        {
            return request.RunsModel ? request.Model?.Name : null;
        }
        catch (InferenceException)
        {
            return null;
        }
    }
}
