using System.ComponentModel;
using Serverless.Contracts.Errors;
using Serverless.Contracts.Models;
using Spectre.Console.Cli;

namespace Serverless.Cli.Models;

/// <summary>Options of commands about one model of the store.</summary>
internal class ModelSettings : StoreSettings
{
    [CommandArgument(0, "<MODEL>")]
    [Description("Model as name or name:version; to look at one, name:alias will do too.")]
    public string Model { get; init; } = "";

    /// <exception cref="InferenceException">The name is not one, or names an alias.</exception>
    public ModelReference Reference => ModelReference.Parse(Model) is { Alias: null } reference
        ? reference
        : throw new InferenceException(ErrorKind.ModelNotFound, $"'{Model}' must be name or name:version.", "model");
}
