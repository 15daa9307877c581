using Microsoft.Extensions.Options;

namespace Serverless.Worker.Costs;

/// <summary>Refuses prices that cannot be meant.</summary>
internal sealed class CostOptionsValidator : IValidateOptions<CostOptions>
{
    public ValidateOptionsResult Validate(string? name, CostOptions options)
    {
        var faults = Faults(options).Select(fault => $"{CostOptions.Section}:{fault}").ToList();
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    private static IEnumerable<string> Faults(CostOptions options)
    {
        foreach (var (setting, value, most) in Numbers(options))
        {
            if (value < 0 || value > most)
                yield return $"{setting} must be 0 to {most}, not {value}.";
        }

        if (options.Pool is not { Length: >= 1 and <= 64 })
            yield return $"{nameof(options.Pool)} must have 1 to 64 characters.";
        if (options.Currency is not { Length: 3 } currency || !currency.All(char.IsAsciiLetterUpper))
            yield return $"{nameof(options.Currency)} must be three capital letters such as USD, not '{options.Currency}'.";
        if (options.Interval < TimeSpan.FromSeconds(1) || options.Interval > TimeSpan.FromHours(1))
            yield return $"{nameof(options.Interval)} must be 00:00:01 to 01:00:00, not {options.Interval}.";
    }

    // A price of 1000 for a second is one for an hour, written in the wrong unit, many times over.
    private static (string Setting, decimal Value, decimal Most)[] Numbers(CostOptions options) =>
    [
        (nameof(options.GpuSecond), options.GpuSecond, 1000),
        (nameof(options.VcpuSecond), options.VcpuSecond, 1000),
        (nameof(options.GiBSecond), options.GiBSecond, 1000),
        (nameof(options.Gpus), options.Gpus, 1024),
        (nameof(options.Vcpus), options.Vcpus, 4096),
        (nameof(options.MemoryGiB), options.MemoryGiB, 65536),
    ];
}
