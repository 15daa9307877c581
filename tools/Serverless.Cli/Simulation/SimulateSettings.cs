using System.ComponentModel;
using Spectre.Console;
using Spectre.Console.Cli;

namespace Serverless.Cli.Simulation;

/// <summary>What <c>infer simulate</c> is asked for.</summary>
internal sealed class SimulateSettings : CommandSettings
{
    [CommandArgument(0, "[TRACE]")]
    [Description("CSV file with the columns TIMESTAMP, ContextTokens, GeneratedTokens and maybe Queue. Without one, arrivals are made up.")]
    public string? Trace { get; init; }

    [CommandOption("--rules <FILE>")]
    [Description("Scale rules; the project's infra/scale.json by default.")]
    public string? Rules { get; init; }

    [CommandOption("--profile <FILE>")]
    [Description("JSON of how replicas start, work and cost; see docs/scaling.md.")]
    public string? Profile { get; init; }

    [CommandOption("--seed <NUMBER>")]
    [Description("The same seed gives the same result.")]
    [DefaultValue(1)]
    public int Seed { get; init; } = 1;

    [CommandOption("--compress <FACTOR>")]
    [Description("Divides the intervals of the rules, as a compressed run on this machine does; 1 to 1000.")]
    [DefaultValue(1.0)]
    public double Compress { get; init; } = 1;

    [CommandOption("--report <FILE>")]
    [Description("Writes an HTML page with plots of arrivals, replicas and waits.")]
    public string? Report { get; init; }

    [CommandOption("--requests <COUNT>")]
    [Description("Made-up arrivals: how many; up to 1,000,000,000.")]
    [DefaultValue(2000L)]
    public long Requests { get; init; } = 2000;

    [CommandOption("--rate <PER_SECOND>")]
    [Description("Made-up arrivals: requests a second between bursts.")]
    [DefaultValue(0.1)]
    public double Rate { get; init; } = 0.1;

    [CommandOption("--burst-rate <PER_SECOND>")]
    [Description("Made-up arrivals: requests a second in a burst.")]
    [DefaultValue(10.0)]
    public double BurstRate { get; init; } = 10;

    [CommandOption("--burst-every <SECONDS>")]
    [Description("Made-up arrivals: from the start of one burst to the next; 0 for none.")]
    [DefaultValue(1200.0)]
    public double BurstEvery { get; init; } = 1200;

    [CommandOption("--burst-length <SECONDS>")]
    [Description("Made-up arrivals: how long a burst is.")]
    [DefaultValue(30.0)]
    public double BurstLength { get; init; } = 30;

    [CommandOption("--context-tokens <COUNT>")]
    [Description("Made-up arrivals: median of the prompts' tokens.")]
    [DefaultValue(200)]
    public int ContextTokens { get; init; } = 200;

    [CommandOption("--generated-tokens <COUNT>")]
    [Description("Made-up arrivals: mean of the answers' tokens.")]
    [DefaultValue(30)]
    public int GeneratedTokens { get; init; } = 30;

    [CommandOption("--queue <NAME>")]
    [Description("Made-up arrivals: messages of this queue of the rules; requests over HTTP by default.")]
    public string? Queue { get; init; }

    [CommandOption("--save-trace <FILE>")]
    [Description("Writes the made-up arrivals into a CSV file too.")]
    public string? SaveTrace { get; init; }

    public override ValidationResult Validate()
    {
        (string Name, double Value, double Min, double Max)[] options =
        [
            ("--compress", Compress, 1, 1000),
            ("--requests", Requests, 1, 1e9),
            ("--rate", Rate, 0, 1e6),
            ("--burst-rate", BurstRate, 0, 1e6),
            ("--burst-every", BurstEvery, 0, 1e7),
            ("--burst-length", BurstLength, 0, 1e7),
            ("--context-tokens", ContextTokens, 0, 1e6),
            ("--generated-tokens", GeneratedTokens, 0, 1e6),
        ];
        foreach (var (name, value, min, max) in options)
        {
            if (!(value >= min && value <= max))
                return ValidationResult.Error(FormattableString.Invariant($"{name} is {value}; {min} to {max} is allowed."));
        }

        if (Trace is not null && SaveTrace is not null)
            return ValidationResult.Error("--save-trace is for made-up arrivals; give no trace beside it.");

        return Trace is null && Rate <= 0 && !(BurstEvery > 0 && BurstRate > 0 && BurstLength > 0)
            ? ValidationResult.Error("--rate is 0 and there are no bursts; nothing would ever arrive.")
            : ValidationResult.Success();
    }
}
