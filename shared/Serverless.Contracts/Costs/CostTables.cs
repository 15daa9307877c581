namespace Serverless.Contracts.Costs;

/// <summary>
/// The table of what replicas cost. Partition: a day of UTC as <c>yyyy-MM-dd</c>. Rows: one for each replica, tenant and model, written by
/// that replica alone and each time whole, so that writing one twice changes nothing.
/// </summary>
public static class CostTables
{
    /// <summary>Name of the table.</summary>
    public const string Costs = "costs";

    /// <summary>Form of a partition's key.</summary>
    public const string DayFormat = "yyyy-MM-dd";

    /// <summary>The tenant that time is booked to in which nobody asked for anything.</summary>
    public const string Idle = "idle";

    /// <summary>On whose account the costs of tenants go that are too many to be told apart.</summary>
    public const string Others = "others";

    /// <summary>Whether no tenant may be called <paramref name="name"/>: costs would not be told apart.</summary>
    public static bool IsReserved(string name) => name is Idle or Others;

    /// <summary>Nanos in one unit of a currency.</summary>
    public const long NanosPerUnit = 1_000_000_000;

    /// <summary>Column: the name of the tenant.</summary>
    public const string Tenant = "Tenant";

    /// <summary>Column: the name of the model; empty for <see cref="Idle"/>.</summary>
    public const string Model = "Model";

    /// <summary>Column: the pool, which is the profile, of the replica.</summary>
    public const string Pool = "Pool";

    /// <summary>Column: the currency of prices.</summary>
    public const string Currency = "Currency";

    /// <summary>Column (Int64): the day's charges so far, in billionths of the currency's unit.</summary>
    public const string Nanos = "Nanos";

    /// <summary>Column (Double): for how many seconds models ran.</summary>
    public const string DeviceSeconds = "DeviceSeconds";

    /// <summary>Column (Int64): how many requests were answered.</summary>
    public const string Requests = "Requests";
}
