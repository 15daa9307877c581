using System.Net;
using System.Net.Sockets;

namespace Serverless.Topology.Processes;

/// <summary>Picks TCP ports of the loopback interface that nobody listens on.</summary>
public static class FreePorts
{
    /// <summary>
    /// <paramref name="count"/> different ports. They are free when picked; another process could still take one before it is used,
    /// since the operating system cannot reserve a port for somebody else.
    /// </summary>
    public static int[] Pick(int count)
    {
        var listeners = new List<TcpListener>(count);
        try
        {
            for (var i = 0; i < count; i++)
            {
                var listener = new TcpListener(IPAddress.Loopback, 0);
                listener.Start();
                listeners.Add(listener);
            }

            return [.. listeners.Select(listener => ((IPEndPoint)listener.LocalEndpoint).Port)];
        }
        finally
        {
            foreach (var listener in listeners)
                listener.Dispose();
        }
    }
}
