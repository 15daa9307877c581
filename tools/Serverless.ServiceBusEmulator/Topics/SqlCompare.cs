using System.Globalization;

namespace Serverless.ServiceBusEmulator.Topics;

/// <summary>Comparison and arithmetic over property values; null stands for SQL's unknown.</summary>
internal static class SqlCompare
{
    public static bool? AreEqual(object? left, object? right) => Compare(left, right) is { } order ? order == 0
        : left is null || right is null ? null : false;

    /// <summary>Null where the values are unknown or of kinds that have no order between them.</summary>
    public static int? Compare(object? left, object? right)
    {
        if (left is null || right is null)
            return null;
        if (IsNumber(left) && IsNumber(right))
            return CompareNumbers(left, right);
        return (left, right) switch
        {
            (string a, string b) => string.CompareOrdinal(a, b),
            (bool a, bool b) => a.CompareTo(b),
            (Guid a, Guid b) => a.CompareTo(b),
            (Guid a, string b) => Guid.TryParse(b, out var parsed) ? a.CompareTo(parsed) : null,
            (string a, Guid b) => Guid.TryParse(a, out var parsed) ? parsed.CompareTo(b) : null,
            (DateTime a, DateTime b) => a.ToUniversalTime().CompareTo(b.ToUniversalTime()),
            (DateTime a, string b) => CompareTime(a, b),
            (string a, DateTime b) => -CompareTime(b, a),
            (TimeSpan a, TimeSpan b) => a.CompareTo(b),
            _ => null,
        };
    }

    public static object? Calculate(char operation, object? left, object? right)
    {
        if (left is null || right is null)
            return null;
        if (operation == '+' && left is string a && right is string b)
            return a + b;
        if (!IsNumber(left) || !IsNumber(right))
            return null;
        if (IsApproximate(left) || IsApproximate(right))
        {
            return CalculateApproximate(
                operation, Convert.ToDouble(left, CultureInfo.InvariantCulture), Convert.ToDouble(right, CultureInfo.InvariantCulture));
        }

        // Whole numbers stay whole numbers, also under division, as in SQL.
        var exact = CalculateExact(operation, left, right);
        return exact is null || left is decimal || right is decimal ? exact : (object)(long)decimal.Truncate(exact.Value);
    }

    private static object? CalculateApproximate(char operation, double left, double right) => operation switch
    {
        '+' => left + right,
        '-' => left - right,
        '*' => left * right,
        '/' => right == 0 ? null : left / right,
        _ => right == 0 ? null : left % right,
    };

    private static decimal? CalculateExact(char operation, object left, object right)
    {
        var a = Convert.ToDecimal(left, CultureInfo.InvariantCulture);
        var b = Convert.ToDecimal(right, CultureInfo.InvariantCulture);
        if (b == 0 && operation is '/' or '%')
            return null;

        return operation switch
        {
            '+' => a + b,
            '-' => a - b,
            '*' => a * b,
            '/' => a / b,
            _ => a % b,
        };
    }

    private static int CompareNumbers(object left, object right) => IsApproximate(left) || IsApproximate(right)
        ? Convert.ToDouble(left, CultureInfo.InvariantCulture).CompareTo(Convert.ToDouble(right, CultureInfo.InvariantCulture))
        : Convert.ToDecimal(left, CultureInfo.InvariantCulture).CompareTo(Convert.ToDecimal(right, CultureInfo.InvariantCulture));

    private static int? CompareTime(DateTime time, string text)
    {
        const DateTimeStyles Styles = DateTimeStyles.AdjustToUniversal | DateTimeStyles.AssumeUniversal;
        return DateTime.TryParse(text, CultureInfo.InvariantCulture, Styles, out var parsed)
            ? time.ToUniversalTime().CompareTo(parsed)
            : null;
    }

    private static bool IsApproximate(object value) => value is float or double;

    private static bool IsNumber(object value) =>
        value is int or long or short or sbyte or byte or ushort or uint or ulong or float or double or decimal;
}
