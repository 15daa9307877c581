using Serverless.Simulation;

namespace Serverless.Scaling.Tests.Simulation;

public sealed class ServiceProfileTests : IDisposable
{
    private readonly string _file = Path.Combine(Directory.CreateTempSubdirectory("profile-").FullName, "profile.json");

    public void Dispose() => Directory.Delete(Path.GetDirectoryName(_file)!, recursive: true);

    [Fact]
    public void Load_PartOfAProfile_LeavesTheRestAtItsDefaults()
    {
        var profile = Load("""{"concurrency":4,"coldStart":{"platformSeconds":12},"price":{"gpus":1,"perGpuSecond":0.0002}}""");

        Assert.Equal((4, 12, 0.3), (profile.Concurrency, profile.ColdStart.PlatformSeconds, profile.ColdStart.ProcessSeconds));
        Assert.Equal(new ServiceTimes(), profile.Service);
        Assert.Equal((0.0002 + (4 * 0.000024) + (8 * 0.000003)) * 10, profile.Price.Of(10), 12);
    }

    [Fact]
    public void Load_PlacesOfAQueue_LeaveTheOtherQueuesAsTheyAre()
    {
        var profile = Load("""{"queues":{"inference":{"places":4},"more":{"goesOn":true}}}""");

        Assert.Equal(new QueueProfile(4), profile.Queues["inference"]);
        Assert.Equal(new QueueProfile(1, GoesOn: true), profile.Queues["shards"]);
        Assert.Equal(new QueueProfile(16, GoesOn: true), profile.Queues["more"]);
    }

    [Theory]
    [InlineData("""{"queues":{"work":{"places":0}}}""", "queues.work.places is 0; 1 to 1000 is allowed")]
    [InlineData("""{"queues":{"work":null}}""", "queues.work.places is 0")]
    [InlineData("""{"concurrency":0}""", "concurrency is 0; 1 to 10000 is allowed")]
    [InlineData("""{"coldStart":{"spread":9}}""", "coldStart.spread is 9; 0 to 3 is allowed")]
    [InlineData("""{"price":{"currency":""}}""", "price.currency")]
    [InlineData("""{"price":{"perCpuHour":1}}""", "perCpuHour")]
    [InlineData("""{"service":"fast"}""", "$.service")]
    [InlineData("""{"concurrency":1e999}""", "$.concurrency")]
    [InlineData("", "JSON")]
    public void Load_WrongProfile_NamesFileAndMember(string json, string said)
    {
        var fault = Assert.Throws<ServiceProfileException>(() => Load(json)).Message;

        Assert.StartsWith(_file, fault, StringComparison.Ordinal);
        Assert.Contains(said, fault, StringComparison.Ordinal);
    }

    private ServiceProfile Load(string json)
    {
        File.WriteAllText(_file, json);
        return ServiceProfile.Load(_file);
    }
}
