using System.Globalization;
using System.Text;
using Serverless.Gateway.Authentication;

namespace Serverless.Gateway.Jobs;

/// <summary>Whose files and batches these are: everything is kept apart by the name of the tenant.</summary>
internal static class Tenant
{
    /// <summary>The partition key of a caller: its name, with what a Table key may not hold written as <c>_XXXX</c>.</summary>
    public static string Of(Caller caller)
    {
        var key = new StringBuilder("t-");
        foreach (var letter in caller.Name)
        {
            if (char.IsAsciiLetterOrDigit(letter) || letter is '-' or '.')
                key.Append(letter);
            else
                key.Append(CultureInfo.InvariantCulture, $"_{(int)letter:x4}");
        }

        return key.ToString();
    }
}
