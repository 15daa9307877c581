using System.Globalization;
using Microsoft.Extensions.Options;
using Serverless.Contracts.Costs;

namespace Serverless.Worker.Costs;

/// <summary>What this replica costs.</summary>
internal sealed class ReplicaPrice
{
    public ReplicaPrice(IOptions<CostOptions> options)
    {
        var costs = options.Value;
        var price = (costs.Gpus * costs.GpuSecond) + (costs.Vcpus * costs.VcpuSecond) + (costs.MemoryGiB * costs.GiBSecond);
        NanosPerSecond = (long)Math.Round(price * CostTables.NanosPerUnit);
        Currency = costs.Currency;
    }

    /// <summary>In billionths of <see cref="Currency"/>'s unit.</summary>
    public long NanosPerSecond { get; }

    public string Currency { get; }

    /// <summary>Whether there are prices.</summary>
    public bool IsOn => NanosPerSecond > 0;

    /// <summary>What a share of device time costs by itself, without its part of idle time.</summary>
    public decimal Of(TimeSpan device) => (decimal)device.Ticks * NanosPerSecond / TimeSpan.TicksPerSecond / CostTables.NanosPerUnit;

    /// <summary>The same as text, to a billionth.</summary>
    public string TextOf(TimeSpan device) => Of(device).ToString("0.#########", CultureInfo.InvariantCulture);
}
