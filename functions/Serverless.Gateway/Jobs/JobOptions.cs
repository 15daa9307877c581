using System.ComponentModel.DataAnnotations;

namespace Serverless.Gateway.Jobs;

/// <summary>Configuration section <c>Jobs</c>.</summary>
internal sealed class JobOptions
{
    public const string Section = "Jobs";

    /// <summary>Shards that may be with Service Bus at a time, shared among the active batches, one each at least; 32 unless set.</summary>
    [Range(1, 10_000, ErrorMessage = "Jobs:ReleasedShards must be from 1 to 10000.")]
    public int ReleasedShards { get; set; } = 32;

    /// <summary>How long a worker should need for one shard; 60 s unless set.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:04:00", ErrorMessage = "Jobs:ShardTarget must be from 1 s to 4 minutes.")]
    public TimeSpan ShardTarget { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>After how long without a new segment a released shard is sent again; 15 minutes unless set.</summary>
    [Range(typeof(TimeSpan), "00:00:05", "1.00:00:00", ErrorMessage = "Jobs:StallLimit must be from 5 s to a day.")]
    public TimeSpan StallLimit { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>How often in a row a shard may lose its hosts without a new segment before it is given up; 3 unless set.</summary>
    [Range(1, 100, ErrorMessage = "Jobs:CrashLimit must be from 1 to 100.")]
    public int CrashLimit { get; set; } = 3;

    /// <summary>How long the segments of a batch with failed shards are kept for a re-drive; 7 days unless set.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "365.00:00:00", ErrorMessage = "Jobs:RedriveWindow must be from 1 s to 365 days.")]
    public TimeSpan RedriveWindow { get; set; } = TimeSpan.FromDays(7);

    /// <summary>Whether webhooks may go to <c>http</c> and to private addresses; false unless set, and only for one's own machine.</summary>
    public bool AllowPrivateWebhooks { get; set; }

    /// <summary>Container that batches may read with <c>input_file_id: "lake:PATH"</c> and write with <c>output_path</c>; none unless set.</summary>
    public string? LakeContainer { get; set; }
}
