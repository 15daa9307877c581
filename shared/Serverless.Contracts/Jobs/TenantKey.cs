using System.Globalization;
using System.Text;

namespace Serverless.Contracts.Jobs;

/// <summary>A tenant's name in the form that is a Table key and a part of a blob's name.</summary>
public static class TenantKey
{
    private const string Prefix = "t-";

    /// <summary>The key of <paramref name="name"/>: what a key may not hold is written as <c>_XXXX</c>.</summary>
    public static string Of(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        var key = new StringBuilder(Prefix);
        foreach (var letter in name)
        {
            if (char.IsAsciiLetterOrDigit(letter) || letter is '-' or '.')
                key.Append(letter);
            else
                key.Append(CultureInfo.InvariantCulture, $"_{(int)letter:x4}");
        }

        return key.ToString();
    }

    /// <summary>The name that <paramref name="key"/> was made of; the key itself where it was made of none.</summary>
    public static string NameOf(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        if (!key.StartsWith(Prefix, StringComparison.Ordinal))
            return key;
        var name = new StringBuilder();
        for (var i = Prefix.Length; i < key.Length; i++)
        {
            if (key[i] != '_')
            {
                name.Append(key[i]);
                continue;
            }

            if (i + 5 > key.Length || !ushort.TryParse(key.AsSpan(i + 1, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var letter))
                return key;
            name.Append((char)letter);
            i += 4;
        }

        return name.ToString();
    }
}
