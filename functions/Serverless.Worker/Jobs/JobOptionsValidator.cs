using Microsoft.Extensions.Options;

namespace Serverless.Worker.Jobs;

/// <summary>Refuses settings that cannot work before anything starts.</summary>
internal sealed class JobOptionsValidator : IValidateOptions<JobOptions>
{
    public ValidateOptionsResult Validate(string? name, JobOptions options)
    {
        var faults = Faults(options).Select(fault => $"{JobOptions.Section}:{fault}").ToList();
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    private static IEnumerable<string> Faults(JobOptions options)
    {
        if (options.Pool.Length is 0 or > 32 || !options.Pool.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-'))
            yield return $"{nameof(options.Pool)} must be 1 to 32 of a-z, 0-9 and '-', not '{options.Pool}'.";
        if (options.ShardsAtOnce is < 1 or > 64)
            yield return $"{nameof(options.ShardsAtOnce)} must be 1 to 64, not {options.ShardsAtOnce}.";
        if (options.RequestsAtOnce is < 1 or > 1000)
            yield return $"{nameof(options.RequestsAtOnce)} must be 1 to 1000, not {options.RequestsAtOnce}.";
        if (options.LinesInFlight is < 1 or > 10_000)
            yield return $"{nameof(options.LinesInFlight)} must be 1 to 10000, not {options.LinesInFlight}.";
        if (options.BytesInFlight < 64 << 10)
            yield return $"{nameof(options.BytesInFlight)} must be {64 << 10} at least, not {options.BytesInFlight}.";
        if (options.SegmentInterval < TimeSpan.FromMilliseconds(100) || options.SegmentInterval > TimeSpan.FromMinutes(1))
            yield return $"{nameof(options.SegmentInterval)} must be 00:00:00.1 to 00:01:00, not {options.SegmentInterval}.";
        if (options.MaxRun < TimeSpan.FromSeconds(1) || options.MaxRun > TimeSpan.FromMinutes(30))
            yield return $"{nameof(options.MaxRun)} must be 00:00:01 to 00:30:00, not {options.MaxRun}.";
    }
}
