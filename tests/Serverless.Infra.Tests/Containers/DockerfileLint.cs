using System.Text.RegularExpressions;

namespace Serverless.Infra.Tests.Containers;

/// <summary>What an image of this project must and must not do.</summary>
internal static partial class DockerfileLint
{
    private static readonly string[] Known = ["ARG", "FROM", "WORKDIR", "COPY", "RUN", "LABEL", "ENV", "EXPOSE", "USER", "ENTRYPOINT"];

    public static IReadOnlyList<string> Faults(Dockerfile file, int port)
    {
        var faults = file.Instructions.Where(instruction => !Known.Contains(instruction.Name))
            .Select(instruction => instruction.Name switch
            {
                "HEALTHCHECK" => "HEALTHCHECK is ignored by Container Apps and Kubernetes: probes are in Bicep and the manifests.",
                "ADD" => "ADD unpacks and downloads: use COPY.",
                var name => $"{name} is not an instruction in use here.",
            }).ToList();
        faults.AddRange(Images(file));
        faults.AddRange(Stages(file));
        var user = file.FinalStage.LastOrDefault(instruction => instruction.Name == "USER").Arguments;
        if (user is null || !NumericUser().IsMatch(user))
            faults.Add($"The image must end as a user by number other than 0, so that a cluster can tell that it is not root: '{user}'.");
        if (!file.FinalStage.Any(instruction => instruction.Name == "EXPOSE" && instruction.Arguments.Split(' ').Contains($"{port}")))
            faults.Add($"The image does not expose {port}, to which the ingress sends.");
        faults.AddRange(file.FinalStage.Where(instruction => instruction.Name == "ENTRYPOINT" && !instruction.Arguments.StartsWith('['))
            .Select(_ => "ENTRYPOINT as a string takes a shell, which also swallows SIGTERM."));
        if (file.FinalStage.Any(instruction => instruction.Name == "RUN"))
            faults.Add("The final stage runs something: it may have no shell.");
        return faults;
    }

    private static IEnumerable<string> Images(Dockerfile file)
    {
        var arguments = file.Instructions.TakeWhile(instruction => instruction.Name == "ARG")
            .Select(instruction => instruction.Arguments.Split('=', 2)).ToDictionary(parts => parts[0], parts => parts[^1]);
        foreach (var image in file.Instructions.Where(instruction => instruction.Name == "FROM")
            .Select(instruction => instruction.Arguments.Split(' ')[0]))
        {
            var name = image.Trim('$', '{', '}');
            if (!image.StartsWith("${", StringComparison.Ordinal) || !arguments.TryGetValue(name, out var reference))
                yield return $"{image} cannot be replaced by a digest: name it by an ARG before the first FROM.";
            else if (!Tagged().IsMatch(reference))
                yield return $"{reference} has no tag or 'latest', which is another image every week.";
        }
    }

    private static IEnumerable<string> Stages(Dockerfile file)
    {
        var stages = file.Instructions.Where(instruction => instruction.Name == "FROM")
            .Select(instruction => instruction.Arguments.Split(' ')[^1]).ToHashSet();
        return file.Instructions.Where(instruction => instruction.Name == "COPY").Select(instruction => From().Match(instruction.Arguments))
            .Where(match => match.Success && !stages.Contains(match.Groups[1].Value))
                .Select(match => $"There is no stage '{match.Groups[1].Value}'.");
    }

    [GeneratedRegex("^[1-9][0-9]*(:[1-9][0-9]*)?$")]
    private static partial Regex NumericUser();

    [GeneratedRegex("(:(?!latest)[A-Za-z0-9._-]+|@sha256:[0-9a-f]{64})$")]
    private static partial Regex Tagged();

    [GeneratedRegex("--from=(\\S+)")]
    private static partial Regex From();
}
