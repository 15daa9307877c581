using Serverless.ServiceBusEmulator.Messages;

namespace Serverless.ServiceBusEmulator.Topics.Sql;

/// <summary>LIKE with % and _ and an optional escape character.</summary>
internal sealed record SqlLike(SqlNode Value, SqlNode Pattern, char? Escape) : SqlNode
{
    public override object? Evaluate(MessageDraft message) =>
        Value.Evaluate(message) is string value && Pattern.Evaluate(message) is string pattern ? Matches(value, pattern) : null;

    // Two cursors with one place to return to: linear in practice, and no pattern can make it exponential.
    private bool Matches(string value, string pattern)
    {
        int at = 0, with = 0, retryAt = -1, retryWith = -1;
        while (at < value.Length)
        {
            if (with < pattern.Length && pattern[with] == '%' && !IsEscape(pattern, with))
            {
                retryWith = ++with;
                retryAt = at;
            }
            else if (with < pattern.Length && MatchesOne(value[at], pattern, with, out var width))
            {
                at++;
                with += width;
            }
            else if (retryWith >= 0)
            {
                with = retryWith;
                at = ++retryAt;
            }
            else
            {
                return false;
            }
        }

        while (with < pattern.Length && pattern[with] == '%')
            with++;
        return with == pattern.Length;
    }

    private bool MatchesOne(char character, string pattern, int with, out int width)
    {
        width = IsEscape(pattern, with) ? 2 : 1;
        return width == 2 ? pattern[with + 1] == character : pattern[with] == '_' || pattern[with] == character;
    }

    private bool IsEscape(string pattern, int with) => pattern[with] == Escape && with + 1 < pattern.Length;
}
