using Serverless.Inference.Execution.Batching;

namespace Serverless.Inference.Execution.Admission;

/// <summary>
/// Requests of one priority. Tenants take turns so that each is given work in proportion to its weight (start-time fair queueing); one who
/// was away begins where the others are.
/// </summary>
internal sealed class FairQueue
{
    // Tenants that wait for nothing are remembered only until the others have caught up with them.
    private const int Remembered = 64;

    private readonly Dictionary<string, TenantQueue> _tenants = new(StringComparer.Ordinal);
    private readonly List<TenantQueue> _waiting = [];
    private double _now;

    /// <summary>Tenants that wait for something.</summary>
    public IReadOnlyList<TenantQueue> Waiting => _waiting;

    public bool IsEmpty => _waiting.Count == 0;

    public TenantQueue? Find(string? tenant) => _tenants.GetValueOrDefault(tenant ?? "");

    public void Add(WorkItem item)
    {
        var tenant = TenantOf(item);
        tenant.Weight = Math.Max(1, item.Terms.Weight);
        Count(tenant, item, 1);
        item.Node = tenant.Items.AddLast(item);
    }

    /// <summary>Takes <paramref name="item"/> out without charging anybody.</summary>
    public void Remove(WorkItem item)
    {
        var tenant = TenantOf(item);
        tenant.Items.Remove(item.Node!);
        item.Node = null;
        Count(tenant, item, -1);
    }

    /// <summary>Takes <paramref name="item"/> out to be run.</summary>
    public void Take(WorkItem item)
    {
        var tenant = TenantOf(item);
        _now = Math.Max(_now, tenant.Served);
        Remove(item);
        tenant.Served += (double)item.Shape.Units / tenant.Weight;
        if (_tenants.Count > Remembered)
            Forget();
    }

    /// <summary>Undoes <see cref="Take"/>.</summary>
    public void PutBack(WorkItem item)
    {
        var tenant = TenantOf(item);
        var served = tenant.Served - ((double)item.Shape.Units / tenant.Weight);
        Count(tenant, item, 1);
        tenant.Served = served;
        item.Node = tenant.Items.AddFirst(item);
    }

    /// <summary>Whose turn it is.</summary>
    public TenantQueue Next()
    {
        var next = _waiting[0];
        foreach (var tenant in _waiting)
        {
            if (tenant.Served < next.Served)
                next = tenant;
        }

        return next;
    }

    private TenantQueue TenantOf(WorkItem item)
    {
        var name = item.Terms.Tenant ?? "";
        if (!_tenants.TryGetValue(name, out var tenant))
            _tenants[name] = tenant = new TenantQueue(name);
        return tenant;
    }

    private void Count(TenantQueue tenant, WorkItem item, int sign)
    {
        var wasWaiting = tenant.Rows > 0;
        tenant.Rows += sign * item.Shape.Rows;
        tenant.Units += sign * item.Shape.Units;
        if (!wasWaiting)
        {
            tenant.Served = Math.Max(tenant.Served, _now);
            _waiting.Add(tenant);
        }
        else if (tenant.Rows == 0)
        {
            _waiting.Remove(tenant);
        }
    }

    private void Forget()
    {
        foreach (var (name, tenant) in _tenants.Where(entry => entry.Value is { Rows: 0 } && entry.Value.Served <= _now).ToList())
            _tenants.Remove(name);
    }
}
