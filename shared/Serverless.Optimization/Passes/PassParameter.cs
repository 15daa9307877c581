using System.Globalization;

namespace Serverless.Optimization.Passes;

/// <summary>A parameter of a pass.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Default">What it is unless set.</param>
/// <param name="Allowed">What it may be, for messages.</param>
/// <param name="IsAllowed">Whether it may be this.</param>
internal sealed record PassParameter(string Name, string Default, string Allowed, Func<string, bool> IsAllowed)
{
    public static PassParameter Choice(string name, string otherwise, params string[] allowed) =>
        new(name, otherwise, string.Join(", ", allowed), text => allowed.Contains(text));

    public static PassParameter Flag(string name, bool otherwise) => Choice(name, otherwise ? "true" : "false", "true", "false");

    public static PassParameter Whole(string name, int otherwise, int least, int most) => new(
        name,
        otherwise.ToString(CultureInfo.InvariantCulture),
        string.Create(CultureInfo.InvariantCulture, $"a whole number from {least} to {most}"),
        text => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most);

    public static PassParameter Number(string name, double otherwise, double least, double most) => new(
        name,
        otherwise.ToString(CultureInfo.InvariantCulture),
        string.Create(CultureInfo.InvariantCulture, $"a number from {least} to {most}"),
        text => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most);
}
