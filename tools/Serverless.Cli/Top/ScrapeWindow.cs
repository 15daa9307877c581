namespace Serverless.Cli.Top;

/// <summary>
/// The last scrapes of one address. Behind it there may be several processes, as instances of the gateway are: each is compared with itself.
/// </summary>
internal sealed class ScrapeWindow
{
    /// <summary>Over how long rates and quantiles are taken: those of two seconds would jump.</summary>
    public static readonly TimeSpan Length = TimeSpan.FromSeconds(10);

    // For how long a process may not be met and still be compared.
    private static readonly TimeSpan Kept = TimeSpan.FromMinutes(2);

    private readonly List<Scrape> _scrapes = [];

    /// <summary>Adds a scrape; what changed in the window before it, or null when its process was not seen before.</summary>
    public Change? Add(Scrape now)
    {
        var mine = _scrapes.Where(scrape => scrape.Started.Equals(now.Started) && scrape.At < now.At).ToList();
        var before = mine.Find(scrape => now.At - scrape.At <= Length) ?? mine.LastOrDefault();
        _scrapes.RemoveAll(scrape => now.At - scrape.At > (mine.Contains(scrape) ? Length : Kept));
        _scrapes.Add(now);
        return before is null ? null : new Change(before, now);
    }
}
