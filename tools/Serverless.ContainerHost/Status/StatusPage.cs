using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using Serverless.Topology.Containers;

namespace Serverless.ContainerHost.Status;

/// <summary>The status for people. Whatever comes from elsewhere is escaped.</summary>
internal static class StatusPage
{
    private const string Style =
        "body{font:14px system-ui;margin:2em}table{border-collapse:collapse;margin:1em 0}td,th{padding:.3em .8em;border:1px solid #ccc;text-align:left}"
        + "th{background:#f4f4f4}.Ready{color:#070}.Crashed{color:#b00}.Starting,.NotReady,.Draining{color:#a60}.Stopped{color:#888}";

    public static string Of(ContainerStatus status)
    {
        var page = new StringBuilder();
        page.Append("<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta http-equiv=\"refresh\" content=\"2\">");
        page.Append(CultureInfo.InvariantCulture, $"<title>{Text(status.App)}</title><style>{Style}</style></head><body><h1>{Text(status.App)}</h1>");
        page.Append(
            CultureInfo.InvariantCulture,
            $"<p>Ingress <b>{Text(status.Ingress)}</b>; {status.Desired} of at most {status.MaxReplicas} replicas wanted; {status.InFlight} requests, of which {status.Held} held; concurrency {status.Concurrency:0.#}; {Text(Queues(status))}; {status.ReplicaSeconds:0} replica-seconds; clocks ×{status.Speed:0.#}</p>");
        page.Append("<table><tr><th>replica</th><th>state</th><th>for</th><th>age</th><th>requests</th><th>process</th><th>address</th><th></th></tr>");
        foreach (var replica in status.Replicas.Reverse())
            page.Append(Row(replica, status.Now));
        page.Append("</table><table><tr><th>at</th><th>replicas</th><th>why</th></tr>");
        foreach (var decision in status.Decisions.Reverse())
            page.Append(CultureInfo.InvariantCulture, $"<tr><td>{decision.At:HH:mm:ss.f}</td><td>{decision.From} → {decision.To}</td><td>{Text(decision.Reason)}</td></tr>");
        return page.Append("</table></body></html>\n").ToString();
    }

    private static string Row(ReplicaStatus replica, DateTimeOffset now) => string.Create(
        CultureInfo.InvariantCulture,
        $"<tr><td>{Text(replica.Name)}</td><td class=\"{Text(replica.State)}\">{Text(replica.State)}</td><td>{(now - replica.Since).TotalSeconds:0} s</td><td>{((replica.Ended ?? now) - replica.Started).TotalSeconds:0} s</td><td>{replica.InFlight}</td><td>{replica.ProcessId}</td><td>{Text(replica.Address.ToString())}</td><td>{Text(replica.Remark ?? "")}</td></tr>");

    private static string Queues(ContainerStatus status) =>
        status.Queues.Count == 0 ? "no queues" : string.Join(", ", status.Queues.Select(queue => $"{queue.Key} {queue.Value}"));

    private static string Text(string text) => HtmlEncoder.Default.Encode(text);
}
