namespace Serverless.ServiceBusEmulator.Administration;

/// <summary>What a URL of the administration protocol names.</summary>
internal readonly record struct AdministrationTarget(AdministrationTargetKind Kind, string Path = "", string Rule = "")
{
    private const string Subscriptions = "/Subscriptions";
    private const string Rules = "/Rules";

    public static AdministrationTarget Parse(string path)
    {
        path = path.Trim('/');
        return path.ToUpperInvariant() switch
        {
            "HEALTH" => new(AdministrationTargetKind.Health),
            "METRICS" => new(AdministrationTargetKind.Metrics),
            "$NAMESPACEINFO" => new(AdministrationTargetKind.Namespace),
            "$RESOURCES/QUEUES" => new(AdministrationTargetKind.Queues),
            "$RESOURCES/TOPICS" => new(AdministrationTargetKind.Topics),
            _ => ParseEntity(path),
        };
    }

    private static AdministrationTarget ParseEntity(string path)
    {
        var start = path.IndexOf(Subscriptions, StringComparison.OrdinalIgnoreCase);
        if (start < 0)
            return new(AdministrationTargetKind.Entity, path);
        if (path.Length == start + Subscriptions.Length)
            return new(AdministrationTargetKind.Subscriptions, path[..start]);

        var rules = path.IndexOf(Rules, start, StringComparison.OrdinalIgnoreCase);
        if (rules < 0)
            return new(AdministrationTargetKind.Entity, path);
        var after = path[(rules + Rules.Length)..].Trim('/');
        return new(after.Length == 0 ? AdministrationTargetKind.Rules : AdministrationTargetKind.Rule, path[..rules], after);
    }
}
