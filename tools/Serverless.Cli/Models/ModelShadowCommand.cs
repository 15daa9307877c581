using System.ComponentModel;
using System.Text.Json;
using Serverless.Cli.Api;
using Serverless.Contracts.Errors;
using Serverless.Models.Aliases;
using Spectre.Console;
using Spectre.Console.Cli;

namespace Serverless.Cli.Models;

/// <summary><c>infer model shadow NAME ALIAS [VERSION]</c>: begins, ends or shows the comparison of a version with that of an alias.</summary>
internal sealed class ModelShadowCommand(IAnsiConsole console) : AsyncCommand<ModelShadowCommand.Settings>
{
    internal sealed class Settings : StoreSettings
    {
        [CommandArgument(0, "<NAME>")]
        [Description("The model's name.")]
        public string Name { get; init; } = "";

        [CommandArgument(1, "<ALIAS>")]
        [Description("The alias, for example prod.")]
        public string Alias { get; init; } = "";

        [CommandArgument(2, "[VERSION]")]
        [Description("The version that is to run in its shadow. Without one, what was compared so far is shown ($INFER_URL, $INFER_API_KEY).")]
        public int? Version { get; init; }

        [CommandOption("--share <PERCENT>")]
        [Description("On how many of a hundred requests it runs, 1 to 100; 10 unless set.")]
        public int Share { get; init; } = 10;

        [CommandOption("--stop")]
        [Description("End it.")]
        public bool Stop { get; init; }

        [CommandOption("--url <URL>")]
        [Description("Base URL of the API, to show what was compared. Default: $INFER_URL, or the local platform's.")]
        public string? Url { get; init; }

        public override ValidationResult Validate()
        {
            if (Stop && Version is not null)
                return ValidationResult.Error("Name a version to begin, or --stop to end; not both.");
            return Share is < AliasShadow.LeastShare or > AliasShadow.MostShare
                ? ValidationResult.Error($"--share must be {AliasShadow.LeastShare} to {AliasShadow.MostShare}, not {Share}.")
                : ValidationResult.Success();
        }
    }

    public override async Task<int> ExecuteAsync(CommandContext context, Settings settings, CancellationToken cancellationToken)
    {
        var store = settings.Open();
        if (settings.Version is not null || settings.Stop)
        {
            var shadow = settings.Version is { } version ? new AliasShadow(version, settings.Share) : null;
            var changed = await store.SetShadowAsync(settings.Name, settings.Alias, shadow, cancellationToken);
            console.MarkupLineInterpolated($"{settings.Name}:{AliasText.Of(changed)}.");
            return 0;
        }

        var alias = await store.FindAliasAsync(settings.Name, settings.Alias, cancellationToken)
            ?? throw new InferenceException(ErrorKind.ModelNotFound, $"Model '{settings.Name}' has no alias '{settings.Alias}'.", "model");
        if (alias.Shadow is null)
            throw new InferenceException(ErrorKind.Conflict, $"{settings.Name}:{settings.Alias} has no shadow.", "model");
        await ShowAsync(settings, alias, cancellationToken);
        return 0;
    }

    private async Task ShowAsync(Settings settings, ModelAlias alias, CancellationToken cancellationToken)
    {
        var platform = new ApiSettings { Url = settings.Url };
        using var api = new ApiClient(platform.BaseUrl, platform.ApiKey);
        var answer = await api.GetAsync($"/v2/repository/models/{settings.Name}/shadow", cancellationToken);
        console.MarkupLineInterpolated($"{settings.Name}:{AliasText.Of(alias)}");
        var report = answer.Body.GetProperty("shadows").EnumerateArray().FirstOrDefault(row =>
            row.GetProperty("version").GetInt32() == alias.Version && row.GetProperty("shadow_version").GetInt32() == alias.Shadow!.Version);
        if (report.ValueKind == JsonValueKind.Undefined)
            console.MarkupLine("The worker that answered has compared nothing yet.");
        else
            console.Write(ShadowTable.Of(report));
    }
}
