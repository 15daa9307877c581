using System.ComponentModel;
using Spectre.Console;
using Spectre.Console.Cli;
using TinyLm.Corpus;
using TinyLm.Sampling;
using TinyLm.Training;

namespace TinyLm.Commands;

/// <summary><c>sample</c>: text from a training, finished or not.</summary>
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
        [DefaultValue(200)]
        public int Tokens { get; init; }

        [CommandOption("--temperature")]
        [DefaultValue(0.8f)]
        public float Temperature { get; init; }

        [CommandOption("--seed")]
        [DefaultValue(1)]
        public int Seed { get; init; }

        [CommandOption("--checkpoint")]
        [Description("The training.")]
        [DefaultValue(WorkFiles.Checkpoint)]
        public string Checkpoint { get; init; } = WorkFiles.Checkpoint;
    }

    public override int Execute(CommandContext context, Settings settings, CancellationToken cancellationToken)
    {
        var (state, tokenizer) = Checkpoint.Read(settings.Checkpoint);
        List<int> prompt = [.. settings.Chat ? [] : tokenizer.Encode(settings.Prompt)];
        if (settings.Chat)
        {
            var format = new ChatFormat(tokenizer);
            format.AddTurn(prompt, ChatFormat.User, tokenizer.Encode(settings.Prompt));
            format.AddOpening(prompt, ChatFormat.Assistant);
        }

        var tokens = new TextSampler(state.Weights).Continue(prompt, settings.Tokens, settings.Temperature, settings.Seed);
        console.WriteLine((settings.Chat ? "" : settings.Prompt) + tokenizer.Decode(tokens));
        return 0;
    }
}
