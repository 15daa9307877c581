using System.Net.Sockets;
using System.Text;

namespace Serverless.ContainerHost.Tests.Running;

/// <summary>Bytes as they are written and read, without a client's own ideas.</summary>
internal static class RawExchange
{
    /// <summary>Sends a request that ends with <c>Connection: close</c>; everything that comes back.</summary>
    public static async Task<string> SendAsync(Uri to, string request)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(to.Host, to.Port, TestContext.Current.CancellationToken);
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.Latin1.GetBytes(request), TestContext.Current.CancellationToken);
        using var answer = new MemoryStream();
        await stream.CopyToAsync(answer, TestContext.Current.CancellationToken);
        return Encoding.Latin1.GetString(answer.ToArray());
    }
}
