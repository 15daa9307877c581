using System.Globalization;

namespace Serverless.Optimization.Passes;

/// <summary>The parameters of a pass, all of them and all allowed.</summary>
internal sealed class PassSettings(IReadOnlyDictionary<string, string> values)
{
    public IReadOnlyDictionary<string, string> Values => values;

    public string Text(string name) => values[name];

    public bool Flag(string name) => values[name] == "true";

    public int Whole(string name) => int.Parse(values[name], CultureInfo.InvariantCulture);

    public double Number(string name) => double.Parse(values[name], CultureInfo.InvariantCulture);
}
