namespace Serverless.Worker.Costs;

/// <summary>What this replica costs and how it is written down, section <c>Worker:Costs</c>. Costs are off while all prices are 0.</summary>
internal sealed class CostOptions
{
    /// <summary>Name of the section.</summary>
    public const string Section = "Worker:Costs";

    /// <summary>The profile of the replica, which prices belong to; <c>default</c> unless set.</summary>
    public string Pool { get; set; } = "default";

    /// <summary>Currency of prices, three letters of ISO 4217; USD unless set.</summary>
    public string Currency { get; set; } = "USD";

    /// <summary>Price of one GPU for one second; 0 unless set.</summary>
    public decimal GpuSecond { get; set; }

    /// <summary>Price of one virtual processor for one second; 0 unless set.</summary>
    public decimal VcpuSecond { get; set; }

    /// <summary>Price of one GiB of memory for one second; 0 unless set.</summary>
    public decimal GiBSecond { get; set; }

    /// <summary>GPUs of the replica; 0 unless set.</summary>
    public decimal Gpus { get; set; }

    /// <summary>Virtual processors of the replica; 0 unless set.</summary>
    public decimal Vcpus { get; set; }

    /// <summary>Memory of the replica in GiB; 0 unless set.</summary>
    public decimal MemoryGiB { get; set; }

    /// <summary>How often charges are closed and written; a replica that is killed loses no more. 1 s to 1 h, 15 s unless set.</summary>
    public TimeSpan Interval { get; set; } = TimeSpan.FromSeconds(15);
}
