using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Serverless.Infra.Tests.Bicep;

/// <summary>Who may do what on what, out of a snapshot and out of the documentation, in the same words.</summary>
internal static partial class RoleTable
{
    /// <summary>Rows <c>who | role | on</c> of a snapshot.</summary>
    public static IReadOnlyList<string> Of(Snapshot snapshot) =>
        [.. snapshot.OfType("Microsoft.Authorization/roleAssignments").Select(Row).Order(StringComparer.Ordinal)];

    /// <summary>The rows of the table below the heading "Roles" of docs/deploy.md.</summary>
    public static IReadOnlyList<string> Documented()
    {
        var section = Tree.Read("docs/deploy.md").Split("\n## ").Single(part => part.StartsWith("Roles\n", StringComparison.Ordinal));
        return
        [
            .. section.Split('\n').Where(line => line.StartsWith('|')).Skip(2)
                .Select(line => line.Split('|', StringSplitOptions.TrimEntries))
                .Select(cells => $"{cells[1]} | {cells[2]} | {cells[3].Trim('`')}").Order(StringComparer.Ordinal),
        ];
    }

    private static string Row(JsonNode assignment)
    {
        var properties = assignment["properties"]!;
        var role = BuiltInRoles.NameOf(((string)properties["roleDefinitionId"]!).Split('/')[^1]);
        return $"{Who((string)properties["principalId"]!)} | {role} | {On((string)assignment["id"]!)}";
    }

    private static string Who(string principal)
    {
        if (principal.Contains("/grafana/", StringComparison.Ordinal))
            return "Grafana";
        var identity = Identity().Match(principal);
        return identity.Success ? identity.Groups[1].Value : "deployer";
    }

    private static string On(string id)
    {
        var scope = id[..id.IndexOf("/providers/Microsoft.Authorization", StringComparison.Ordinal)];
        scope = scope[(scope.IndexOf("/providers/", StringComparison.Ordinal) + "/providers/".Length)..];
        scope = Service().Replace(scope[(scope.IndexOf('/', StringComparison.Ordinal) + 1)..], "/");
        return Token().Replace(scope, "");
    }

    [GeneratedRegex("/userAssignedIdentities/id-([a-z]+)-")]
    private static partial Regex Identity();

    [GeneratedRegex("/(blob|queue|table)Services/default/")]
    private static partial Regex Service();

    // What uniqueString made, with the dash before it.
    [GeneratedRegex("-?[a-z0-9]{13}(?=/|$)")]
    private static partial Regex Token();
}
