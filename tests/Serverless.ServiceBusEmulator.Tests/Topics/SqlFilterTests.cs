using Serverless.ServiceBusEmulator.Messages;
using Serverless.ServiceBusEmulator.Topics.Sql;

namespace Serverless.ServiceBusEmulator.Tests.Topics;

public sealed class SqlFilterTests
{
    [Theory]
    [InlineData("1 = 1", true)]
    [InlineData("1 = 0", false)]
    [InlineData("number = 5", true)]
    [InlineData("number <> 5", false)]
    [InlineData("number != 6", true)]
    [InlineData("number >= 5 AND number < 6", true)]
    [InlineData("number + 1 = 6 AND number * 2 = 10 AND number - 6 = -1 AND number % 2 = 1 AND 7 / 2 = 3", true)]
    [InlineData("half = 0.5 AND half < 0.6 AND half * 4 = 2", true)]
    [InlineData("name = 'o''brien'", true)]
    [InlineData("name LIKE 'o%n'", true)]
    [InlineData("name LIKE 'o_brien'", true)]
    [InlineData("name NOT LIKE 'x%'", true)]
    [InlineData("percent LIKE '100!%' ESCAPE '!'", true)]
    [InlineData("percent LIKE '100!_' ESCAPE '!'", false)]
    [InlineData("number IN (1, 5, 9)", true)]
    [InlineData("number NOT IN (1, 9)", true)]
    [InlineData("flag = TRUE AND NOT flag = FALSE", true)]
    [InlineData("flag", true)]
    [InlineData("missing IS NULL AND number IS NOT NULL", true)]
    [InlineData("EXISTS(number) AND NOT EXISTS(missing)", true)]
    [InlineData("missing = 1", false)]
    [InlineData("NOT missing = 1", false)]
    [InlineData("missing = 1 OR number = 5", true)]
    [InlineData("missing = 1 AND number = 5", false)]
    [InlineData("name = 5", false)]
    [InlineData("sys.Label = 'subject' AND sys.CorrelationId = 'correlation' AND sys.ContentType = 'text/plain'", true)]
    [InlineData("user.number = 5 AND [odd name] = 'odd' AND \"odd name\" = 'odd'", true)]
    [InlineData("property('odd name') IS NULL OR p(number) = 5", true)]
    [InlineData("(number = 1 OR number = 5) AND (flag = TRUE)", true)]
    [InlineData("number = 1 OR number = 5 AND flag = FALSE", false)]
    [InlineData("number = 5e0 AND -number = -5 AND +number = 5", true)]
    public void Filter_Expression_Decides(string expression, bool expected) =>
        Assert.Equal(expected, SqlParser.ParseFilter(expression).Test(Message()) == true);

    [Theory]
    [InlineData("", "ends where a value is expected")]
    [InlineData("a =", "ends where a value is expected")]
    [InlineData("a = 'x", "' is not closed")]
    [InlineData("a ~ 1", "'~' has no meaning")]
    [InlineData("a = 1 b", "'b' stands where the end of the filter is expected")]
    [InlineData("sys.Nothing = 1", "'Nothing' is not a system property")]
    [InlineData("other.x = 1", "'other' is not a scope")]
    [InlineData("a NOT 1", "IN or LIKE is expected")]
    [InlineData("unknown(1) = 1", "one of the functions")]
    [InlineData("a LIKE 'x' ESCAPE 'ab'", "one character in quotes")]
    public void Filter_Malformed_IsRefusedWithThePlace(string expression, string message)
    {
        var error = Assert.Throws<SqlSyntaxException>(() => SqlParser.ParseFilter(expression));

        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.Contains("(at character ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Filter_TooLongOrTooDeep_IsRefused()
    {
        Assert.Throws<SqlSyntaxException>(() => SqlParser.ParseFilter($"a = '{new string('x', 1100)}'"));
        Assert.Throws<SqlSyntaxException>(() => SqlParser.ParseFilter(new string('(', 200) + "1 = 1" + new string(')', 200)));
    }

    [Fact]
    public void Like_ManyWildcards_DoesNotExplode()
    {
        var message = Message();
        message.ApplicationProperties.Map["long"] = new string('a', 5000);

        Assert.False(SqlParser.ParseFilter($"long LIKE '{string.Concat(Enumerable.Repeat("%a", 100))}b'").Test(message));
    }

    [Theory]
    [InlineData("SET sys.MessageId = 'x'")]
    [InlineData("SET a")]
    [InlineData("DROP a")]
    public void Action_Malformed_IsRefused(string action) => Assert.Throws<SqlSyntaxException>(() => SqlParser.ParseAction(action));

    [Fact]
    public void Action_SetAndRemove_ChangeTheMessage()
    {
        var message = Message();

        foreach (var statement in SqlParser.ParseAction("SET number = number + 1; REMOVE name; SET sys.To = 'there'; SET id = NEWID();"))
            statement.Apply(message);

        Assert.Equal(6L, message.ApplicationProperties.Map["number"]);
        Assert.Null(message.ApplicationProperties.Map["name"]);
        Assert.Equal("there", message.Properties.To.ToString());
        Assert.IsType<Guid>(message.ApplicationProperties.Map["id"]);
    }

    private static MessageDraft Message()
    {
        var draft = new MessageDraft(MessageDecoder.Assemble(null, null, [], 0, []));
        draft.Properties.Subject = "subject";
        draft.Properties.CorrelationId = "correlation";
        draft.Properties.ContentType = "text/plain";
        draft.ApplicationProperties.Map["number"] = 5;
        draft.ApplicationProperties.Map["half"] = 0.5;
        draft.ApplicationProperties.Map["name"] = "o'brien";
        draft.ApplicationProperties.Map["percent"] = "100%";
        draft.ApplicationProperties.Map["flag"] = true;
        draft.ApplicationProperties.Map["odd name"] = "odd";
        return draft;
    }
}
