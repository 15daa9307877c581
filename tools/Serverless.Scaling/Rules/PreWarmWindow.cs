namespace Serverless.Scaling;

/// <summary>A time at which replicas are there before anybody asks.</summary>
/// <param name="Start">From when, as five cron fields.</param>
/// <param name="End">Until when, as five cron fields.</param>
/// <param name="TimeZone">IANA name of the zone in which the fields are read, such as Europe/Berlin.</param>
/// <param name="Replicas">How many replicas; no more than <see cref="WorkerScale.MaxReplicas"/> come.</param>
public sealed record PreWarmWindow(string Start, string End, string TimeZone, int Replicas);
