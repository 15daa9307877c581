using Serverless.Telemetry.Machine;
using Serverless.TestKit;

namespace Serverless.Worker.Tests.Telemetry;

public sealed class MachineMetricsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Cgroup_OfVersion2_TellsUsageAndLimit()
    {
        Write("cpu.stat", "usage_usec 2500000\nuser_usec 2000000\n");
        Write("memory.current", "4096\n");
        Write("memory.max", "8192\n");
        var cgroup = new Cgroup(_folder.Path);

        Assert.Equal((2.5, 4096, 8192), (cgroup.ProcessorSeconds(), cgroup.MemoryUsage(), cgroup.MemoryLimit()));
    }

    [Fact]
    public void Cgroup_OfVersion1WithoutLimit_TellsUsageAlone()
    {
        Write("cpuacct/cpuacct.usage", "2500000000\n");
        Write("memory/memory.usage_in_bytes", "4096\n");
        Write("memory/memory.limit_in_bytes", "9223372036854771712\n");
        var cgroup = new Cgroup(_folder.Path);

        Assert.Equal((2.5, 4096, null), (cgroup.ProcessorSeconds(), cgroup.MemoryUsage(), cgroup.MemoryLimit()));
    }

    [Fact]
    public void Cgroup_Absent_TellsNothing()
    {
        var cgroup = new Cgroup(_folder.File("nowhere"));

        Assert.Null(cgroup.ProcessorSeconds() ?? cgroup.MemoryUsage() ?? cgroup.MemoryLimit());
    }

    [Fact]
    public void Network_WithSeveralInterfaces_AddsUpAllButLoopback()
    {
        Write("dev", "head\nhead\n  lo: 9 0 0 0 0 0 0 0 9 0\neth0: 100 1 0 0 0 0 0 0 20 1\neth1:1 1 0 0 0 0 0 0 2 1\n");

        Assert.Equal((101, 22), new NetworkCounters(_folder.File("dev")).Read());
        Assert.Null(new NetworkCounters(_folder.File("nowhere")).Read());
    }

    private void Write(string file, string text)
    {
        var path = _folder.File(file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }
}
