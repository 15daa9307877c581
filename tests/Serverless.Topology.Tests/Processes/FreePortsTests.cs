using System.Net;
using System.Net.Sockets;
using Serverless.Topology.Processes;

namespace Serverless.Topology.Tests.Processes;

public sealed class FreePortsTests
{
    [Fact]
    public void Pick_Several_AreDifferentAndFree()
    {
        var ports = FreePorts.Pick(8);

        Assert.Distinct(ports);
        foreach (var port in ports)
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
        }
    }
}
