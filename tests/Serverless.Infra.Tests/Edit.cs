namespace Serverless.Infra.Tests;

/// <summary>Breaks a copy on purpose.</summary>
internal static class Edit
{
    public static void Replace(string file, string right, string wrong)
    {
        var text = File.ReadAllText(file);
        Assert.Contains(right, text, StringComparison.Ordinal);
        File.WriteAllText(file, text.Replace(right, wrong, StringComparison.Ordinal));
    }
}
