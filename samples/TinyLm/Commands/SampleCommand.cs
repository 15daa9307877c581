using System.ComponentModel;
using Spectre.Console;
using Spectre.Console.Cli;
using TinyLm.Corpus;
using TinyLm.Packaging;
using TinyLm.Sampling;

namespace TinyLm.Commands;

/// <summary><c>sample</c>: text of a model that was trained here.</summary>
internal sealed class SampleCommand(IAnsiConsole console) : Command<SampleCommand.Settings>
{
    internal sealed class Settings : CommandSettings
    {
        [CommandArgument(0, "[prompt]")]
        [Description("What to continue; a new chapter unless said.")]
        public string Prompt { get; init; } = "";

        [CommandOption("--chat")]
        [Description("Take the prompt as what a user says.")]
        public bool Chat { get; init; }

        [CommandOption("--tokens")]
        [Description("The most tokens.")]
        [DefaultValue(200)]
        public int Tokens { get; init; }

        [CommandOption("--temperature")]
        [Description("Below 1 prefers likely tokens; 0 takes the likeliest.")]
        [DefaultValue(0.8f)]
        public float Temperature { get; init; }

        [CommandOption("--seed")]
        [Description("The same gives the same text.")]
        [DefaultValue(1)]
        public int Seed { get; init; }

        [CommandOption("--model")]
        [Description("The package's folder.")]
        [DefaultValue(WorkFiles.Package)]
        public string Model { get; init; } = WorkFiles.Package;
    }

    public override int Execute(CommandContext context, Settings settings, CancellationToken cancellationToken)
    {
        var (weights, tokenizer) = DecoderPackage.Read(settings.Model);
        List<int> prompt = [.. settings.Chat ? [] : tokenizer.Encode(settings.Prompt)];
        if (settings.Chat)
        {
            var format = new ChatFormat(tokenizer);
            format.AddTurn(prompt, ChatFormat.User, tokenizer.Encode(settings.Prompt));
            format.AddOpening(prompt, ChatFormat.Assistant);
        }

        var tokens = new TextSampler(weights).Continue(prompt, settings.Tokens, settings.Temperature, settings.Seed);
        console.Profile.Out.Writer.WriteLine((settings.Chat ? "" : settings.Prompt) + tokenizer.Decode(tokens));
        return 0;
    }
}
