using Microsoft.AspNetCore.Http;

namespace Serverless.Gateway.Forwarding;

/// <summary>Tells the caller where the time went, before what the worker says of it.</summary>
internal static class ServerTiming
{
    public const string Header = "Server-Timing";

    public static void Prepend(HttpResponse response, string? timing)
    {
        if (timing is null)
            return;
        var workers = response.Headers[Header].ToString();
        response.Headers[Header] = workers.Length == 0 ? timing : $"{timing}, {workers}";
    }
}
