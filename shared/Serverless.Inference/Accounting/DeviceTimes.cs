using System.Collections.Concurrent;
using Serverless.Contracts.Costs;

namespace Serverless.Inference.Accounting;

/// <summary>
/// For how long the models ran for each tenant. Counted where runs end, by every thread at once; read by whoever bills for it.
/// </summary>
public sealed class DeviceTimes
{
    /// <summary>On whose account the time goes of tenants that are more than <see cref="MostAccounts"/>.</summary>
    public const string Others = CostTables.Others;

    /// <summary>The most pairs of model and tenant that are told apart: tenants come from outside, and each is a row and a series.</summary>
    public const int MostAccounts = 2000;

    private readonly ConcurrentDictionary<(string Model, string Tenant), DeviceAccount> _accounts = new();
    private int _count;

    /// <summary>The account of <paramref name="tenant"/> for a model; null and empty are the same tenant.</summary>
    public DeviceAccount Of(string model, string? tenant)
    {
        var key = (model, tenant ?? "");
        if (_accounts.TryGetValue(key, out var known))
            return known;
        if (Volatile.Read(ref _count) >= MostAccounts)
            return _accounts.GetOrAdd((model, Others), static key => new DeviceAccount(key.Model, key.Tenant));
        var account = new DeviceAccount(key.model, key.Item2);
        if (!_accounts.TryAdd(key, account))
            return _accounts[key];
        Interlocked.Increment(ref _count);
        return account;
    }

    /// <summary>Takes what was counted since the last time; accounts with nothing are left out.</summary>
    public IReadOnlyList<DeviceShare> Take()
    {
        var shares = new List<DeviceShare>();
        foreach (var account in _accounts.Values)
        {
            var share = account.Take();
            if (share.Device > TimeSpan.Zero || share.Requests > 0)
                shares.Add(share);
        }

        return shares;
    }
}
