using System.Globalization;
using Serverless.Cli.Top;

namespace Serverless.Cli.Tests.Top;

public sealed class ScrapeWindowTests
{
    private readonly ScrapeWindow _window = new();

    [Fact]
    public void Add_TheFirstOfAProcess_SaysNothingOfChange() => Assert.Null(Add(second: 0, process: 1, requests: 1000));

    [Fact]
    public void Add_TheNext_IsComparedWithTheOldestOfTheWindow()
    {
        Add(second: 0, process: 1, requests: 0);
        Add(second: 2, process: 1, requests: 100);
        Add(second: 10, process: 1, requests: 500);

        Assert.Equal(40, Add(second: 12, process: 1, requests: 500)!.Rate("requests"));
    }

    [Fact]
    public void Add_LongAfterTheLast_IsComparedWithThat()
    {
        Add(second: 0, process: 1, requests: 0);
        Add(second: 60, process: 1, requests: 60);

        Assert.Equal(2, Add(second: 120, process: 1, requests: 180)!.Rate("requests"));
    }

    [Fact]
    public void Add_AfterARestart_ComparesNothing()
    {
        Add(second: 0, process: 1, requests: 1000);

        Assert.Null(Add(second: 2, process: 2, requests: 3));
    }

    [Fact]
    public void Add_InstancesInTurns_EachIsComparedWithItself()
    {
        Add(second: 0, process: 1, requests: 1000);
        Add(second: 2, process: 2, requests: 10);

        Assert.Equal(5, Add(second: 4, process: 1, requests: 1020)!.Rate("requests"));
        Assert.Equal(1, Add(second: 6, process: 2, requests: 14)!.Rate("requests"));
    }

    [Fact]
    public void Rate_OfASeriesThatIsNew_CountsFromZero()
    {
        Add(second: 0, process: 1, requests: 10);
        var change = _window.Add(Scrape.Parse(
            "process_start_time_seconds 1\nrequests{status=\"200\"} 12\nrequests{status=\"500\"} 4", TimeSpan.FromSeconds(2)))!;

        Assert.Equal(3, change.Rate("requests"));
        Assert.Equal(2, change.Rate("requests", sample => sample.Label("status") == "500"));
        Assert.Equal(0, change.Rate("nobody_counts_this"));
    }

    private Change? Add(int second, int process, int requests) => _window.Add(Scrape.Parse(
        string.Create(CultureInfo.InvariantCulture, $"process_start_time_seconds {process}\nrequests{{status=\"200\"}} {requests}"), TimeSpan.FromSeconds(second)));
}
