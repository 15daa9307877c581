using System.Runtime.InteropServices;
using Microsoft.Extensions.Options;
using Serverless.Contracts.Errors;

namespace Serverless.Gateway.Holding;

/// <summary>The places for requests that wait for a replica: so many in all, for one model and for one caller.</summary>
internal sealed class HeldRequests(IOptions<HoldingOptions> options, HoldingMetrics metrics, TimeProvider time)
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(5);

    private readonly int _max = options.Value.MaxRequests;
    private readonly int _maxPerModel = options.Value.MaxRequestsPerModel ?? options.Value.Share;
    private readonly int _maxPerTenant = options.Value.MaxRequestsPerTenant ?? options.Value.Share;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, int> _models = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _tenants = new(StringComparer.Ordinal);
    private int _count;

    /// <summary>How many wait now.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>Takes a place.</summary>
    /// <exception cref="InferenceException"><see cref="ErrorKind.Overloaded"/>: there is none.</exception>
    public HeldPlace Enter(string model, string tenant)
    {
        lock (_lock)
        {
            if (_count >= _max)
                throw Refuse("all", $"{_max} requests wait for a replica already, as many as may");
            if (_models.GetValueOrDefault(model) >= _maxPerModel)
                throw Refuse("model", $"{_maxPerModel} requests for this model wait for a replica already, as many as may");
            if (_tenants.GetValueOrDefault(tenant) >= _maxPerTenant)
                throw Refuse("caller", $"{_maxPerTenant} requests with this key wait for a replica already, as many as may");
            _count++;
            CollectionsMarshal.GetValueRefOrAddDefault(_models, model, out _)++;
            CollectionsMarshal.GetValueRefOrAddDefault(_tenants, tenant, out _)++;
        }

        metrics.Enter();
        return new HeldPlace(this, model, tenant, time);
    }

    internal void Leave(HeldPlace place)
    {
        lock (_lock)
        {
            _count--;
            Decrement(_models, place.Model);
            Decrement(_tenants, place.Tenant);
        }

        metrics.Leave(place.Outcome, place.Waited);
    }

    private static void Decrement(Dictionary<string, int> counts, string key)
    {
        if (--CollectionsMarshal.GetValueRefOrAddDefault(counts, key, out _) == 0)
            counts.Remove(key);
    }

    private InferenceException Refuse(string bound, string reason)
    {
        metrics.Refuse(bound);
        return new InferenceException(new InferenceError(
            ErrorKind.Overloaded, $"{reason}. Send the request again in a while.", RetryAfter: RetryAfter));
    }
}
