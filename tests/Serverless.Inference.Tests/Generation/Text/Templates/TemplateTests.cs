using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using Serverless.Inference.Generation.Text.Templates;
using Serverless.Inference.Generation.Text.Templates.Values;

namespace Serverless.Inference.Tests.Generation.Text.Templates;

/// <summary>What Jinja 3.1 makes of the same under Hugging Face's settings.</summary>
public sealed class TemplateTests
{
    private const string Messages =
        """
        [{"role": "system", "content": " Be kind. "}, {"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Ho", "n": 2}]
        """;

    [Theory]
    [InlineData("1 + 2 * 3", "7")]
    [InlineData("-7 // 2", "-4")]
    [InlineData("-7 % 3", "2")]
    [InlineData("4 / 2", "2.0")]
    [InlineData("-3 | abs", "3")]
    [InlineData("'a' ~ 1 ~ none ~ true", "a1NoneTrue")]
    [InlineData("'ab' * 3", "ababab")]
    [InlineData("[1] + ['a', none, 1.5]", "[1, 'a', None, 1.5]")]
    [InlineData("'a' not in 'bcd' and 2 in [1, 2] and 'role' in messages[0]", "True")]
    [InlineData("'' or 'x'", "x")]
    [InlineData("1 if messages else 2", "1")]
    [InlineData("1 if false", "")]
    [InlineData("messages[-1].role ~ messages[-1]['n']", "assistant2")]
    [InlineData("messages[0].content | trim | upper", "BE KIND.")]
    [InlineData("messages[1:] | length", "2")]
    [InlineData("messages[::-1][0].content", "Ho")]
    [InlineData("'abcdef'[1:-2]", "bcd")]
    [InlineData("missing", "")]
    [InlineData("missing is defined", "False")]
    [InlineData("messages[0].missing is undefined", "True")]
    [InlineData("missing | default('d')", "d")]
    [InlineData("'' | default('d', true)", "d")]
    [InlineData("none is none and 'a' is string and {} is mapping and [] is iterable and true is boolean", "True")]
    [InlineData("3 is odd and 4 is not odd and 4 is divisibleby 2 and 1 is equalto 1", "True")]
    [InlineData("messages | map(attribute='role') | join(', ')", "system, user, assistant")]
    [InlineData("messages | selectattr('role', 'equalto', 'user') | map(attribute='content') | first", "Hi")]
    [InlineData("messages | rejectattr('n', 'defined') | list | length", "2")]
    [InlineData("[1, 2, 3] | reject('odd') | list", "[2]")]
    [InlineData("['a', 'b'] | map('upper') | list | last", "B")]
    [InlineData("'a</think>\\nb'.split('</think>')[-1].lstrip('\\n')", "b")]
    [InlineData("' a  b '.split() | tojson", "[\"a\", \"b\"]")]
    [InlineData("'xxaxx'.strip('x') ~ 'abc'.replace('b', '-') ~ 'abc'.startswith('ab') ~ 'x'.endswith('y')", "aa-cTrueFalse")]
    [InlineData("messages[1].items() | length ~ messages[1].get('role') ~ messages[1].get('z', 'q')", "2userq")]
    [InlineData("{'a': [1, 2.5, true, none, 'é\"\\n']} | tojson", "{\"a\": [1, 2.5, true, null, \"é\\\"\\n\"]}")]
    [InlineData("{'a': [1], 'b': {}} | tojson(indent=2)", "{\n  \"a\": [\n    1\n  ],\n  \"b\": {}\n}")]
    [InlineData("range(5, 0, -2) | list", "[5, 3, 1]")]
    [InlineData("'12' | int + 1", "13")]
    [InlineData("'a\\n\\nb' | indent(2)", "a\n\n  b")]
    [InlineData("\"it's\" ~ '\\u00e9'", "it'sé")]
    [InlineData("1 == 1.0 and [1] == [1] and {'a': 1} == {'a': 1} and none != false", "True")]
    [InlineData("strftime_now('%d %b %Y')", "01 Jan 2000")]
    public void Render_Expression_IsWhatJinjaWrites(string expression, string expected) =>
        Assert.Equal(expected, Render($"{{{{ {expression} }}}}"));

    [Theory]
    [InlineData("a\n  {% if true %}\n  b\n  {% endif %}\nc\n", "a\n  b\nc")]
    [InlineData("a\n  {%- if true -%}\n  b\n  {%- endif %}  \nc\n\n", "ab  \nc\n")]
    [InlineData("{# c #}\nx\n  {# d #}\ny", "x\ny")]
    [InlineData("{{ 1 }}\n{{- 2 -}}  \n{{ 3 }}", "123")]
    [InlineData("a {%+ if true %} b {% endif +%}\n c", "a  b \n c")]
    [InlineData("   {% set a = 1 %}   {% set b = 2 %}{{ a + b }}", "   3")]
    [InlineData("{% for m in messages %}{{ loop.index }}{{ m.role[0] }}{{ ',' if not loop.last }}{% endfor %}", "1s,2u,3a")]
    [InlineData("{% for m in messages if m.role != 'user' %}{{ loop.revindex0 }}{% else %}none{% endfor %}", "10")]
    [InlineData("{% for m in [] %}x{% else %}none{% endfor %}", "none")]
    [InlineData("{% for k, v in messages[1].items() %}{{ k }}={{ v }};{% endfor %}", "role=user;content=Hi;")]
    [InlineData("{% for i in range(9) %}{% if i == 1 %}{% continue %}{% elif i == 3 %}{% break %}{% endif %}{{ i }}{% endfor %}", "02")]
    [InlineData("{% set ns = namespace(n=0) %}{% for m in messages %}{% set ns.n = ns.n + 1 %}{% endfor %}{{ ns.n }}", "3")]
    [InlineData("{% set x = 1 %}{% for m in messages %}{% set x = x + 1 %}{% endfor %}{{ x }}", "1")]
    [InlineData("{% if true %}{% set x = 5 %}{% endif %}{{ x }}", "5")]
    [InlineData("{% set x %} a{{ 1 }} {% endset %}[{{ x }}]", "[ a1 ]")]
    [InlineData("{% macro f(a, b=2) %}[{{ a }},{{ b }}]{% endmacro %}{{ f(1) }}{{ f(b=4, a=9) | upper }}{{ f() }}", "[1,2][9,4][,2]")]
    [InlineData("{% for m in messages %}{% generation %}{{ m.role[0] }}{% endgeneration %}{% endfor %}", "sua")]
    [InlineData("{{ {'a': {'b': 1}}['a']['b'] }}{{ {'a':{'b':1}} }}", "1{'a': {'b': 1}}")]
    public void Render_Statements_AreWhatJinjaWrites(string source, string expected) => Assert.Equal(expected, Render(source));

    [Theory]
    [InlineData("a\n{% unknown %}", "line 2: the block 'unknown' is not supported")]
    [InlineData("{{ 1 | upperr }}", "line 1: the filter 'upperr' is not supported")]
    [InlineData("\n\n{{ 1 is odder }}", "line 3: the test 'odder' is not supported")]
    [InlineData("{% if true %}\n", "line 1: what begins here is not closed by 'endif'")]
    [InlineData("{% endif %}", "'endif' has nothing to end")]
    [InlineData("{% if true %}a{% else %}b{% elif true %}c{% endif %}", "not closed by 'endif'")]
    [InlineData("{% for x in [] %}{% endif %}", "not closed by 'endfor'")]
    [InlineData("{{ 1", "line 1: a tag is not closed by '}}'")]
    [InlineData("{{ }}", "a value was expected")]
    [InlineData("{{ 'a }}", "a text is not closed")]
    [InlineData("{# a", "a comment is not closed")]
    [InlineData("{{ 1 < 2 < 3 }}", "comparisons in a row are not supported")]
    [InlineData("{{ 2 ** 3 }}", "'}}' was expected, not '**'")]
    [InlineData("{{ f(a=1, a=2) }}", "the argument 'a' is given twice")]
    [InlineData("{% break %}", "the block 'break' is not supported here")]
    [InlineData("{{ a ! b }}", "'!' is not understood")]
    public void Create_BrokenOrUnsupported_SaysWhatAndWhere(string source, string message) =>
        Assert.Contains(message, Assert.Throws<TemplateException>(() => new Template(source)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("\n{{ missing.role }}", "line 2: 'missing' is undefined, so it has no 'role'")]
    [InlineData("{{ missing() }}", "'missing' is undefined, so it cannot be called")]
    [InlineData("{{ 1 + 'a' }}", "'+' does not work between a number and a text")]
    [InlineData("{{ 1 < 'a' }}", "a number and a text have no order")]
    [InlineData("{{ messages.append(1) }}", "a list has no method 'append' that is supported")]
    [InlineData("{{ 9223372036854775807 + 1 }}", "has no result")]
    [InlineData("{{ 1 // 0 }}", "has no result")]
    [InlineData("{{ 1 / 0 }}", "divided by zero")]
    [InlineData("{% for a, b in [1] %}{% endfor %}", "a number cannot be taken apart into a, b")]
    [InlineData("{% for a in 5 %}{% endfor %}", "a number has no elements")]
    [InlineData("{% set x = 1 %}{% set x.y = 1 %}", "'x' is no namespace")]
    [InlineData("{% macro f(a) %}{% endmacro %}{{ f(1, 2) }}", "the macro 'f' takes a")]
    [InlineData("{{ strftime_now('%Q') }}", "the date format '%Q' is not supported")]
    [InlineData("{{ [missing] | tojson }}", "cannot be written as JSON")]
    public void Render_ValueThatDoesNotFit_SaysWhatAndWhere(string source, string message)
    {
        var error = Assert.Throws<TemplateException>(() => Render(source));

        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.StartsWith("line ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Render_RaiseException_IsTheTemplatesOwnWord() =>
        Assert.Equal("no 1", Assert.Throws<TemplateRefusedException>(() => Render("{{ raise_exception('no ' ~ 1) }}")).Message);

    [Theory]
    [InlineData("{% for a in range(100000) %}{% for b in range(100000) %}{% endfor %}{% endfor %}", "steps")]
    [InlineData("{{ range(1000000) }}", "range() gives up to")]
    [InlineData("{{ 'x' * 1000000000 }}", "characters")]
    [InlineData("{% set ns = namespace(t='x') %}{% for i in range(99) %}{% set ns.t = ns.t + ns.t %}{% endfor %}", "characters")]
    [InlineData("{% set ns = namespace(t=[1]) %}{% for i in range(99) %}{% set ns.t = ns.t + ns.t %}{% endfor %}", "steps")]
    [InlineData("{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}", "macros call each other more than")]
    [InlineData("{% set ns = namespace(t=[]) %}{% for i in range(99999) %}{% set ns.t = [ns.t] %}{% endfor %}{{ ns.t }}", "nest too deep")]
    [InlineData("{% set n = namespace(t=[]) %}{% for i in range(99999) %}{% set n.t = [n.t] %}{% endfor %}{{ n.t | tojson }}", "nest too deep")]
    [InlineData("{% set n = namespace(t=[]) %}{% for i in range(99999) %}{% set n.t = [n.t] %}{% endfor %}{{ n.t == [n.t] }}", "nest too deep")]
    public void Render_MoreThanATemplateMayTake_IsAnError(string source, string message) =>
        Assert.Contains(message, Assert.Throws<TemplateException>(() => Render(source)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("(", ")", 100_000, "deep")]
    [InlineData("[", "]", 1_000, "deep")]
    [InlineData("not ", "", 1_000, "deep")]
    [InlineData("-", "", 100_000, "deep")]
    [InlineData("1 + ", "", 60_000, "operators")]
    [InlineData("a.", "", 60_000, "operators")]
    [InlineData("1 if 1 else ", "", 10_000, "deep")]
    public void Create_NestedBeyondReason_IsAnErrorNotACrash(string before, string after, int times, string message) =>
        Assert.Contains(
            message,
            Assert.Throws<TemplateException>(() => new Template($"{{{{ {Repeat(before, times)}a{Repeat(after, times)} }}}}")).Message,
            StringComparison.Ordinal);

    [Fact]
    public void Create_BlocksNestedBeyondReason_IsAnErrorNotACrash() =>
        Assert.Throws<TemplateException>(() => new Template(Repeat("{% if 1 %}", 10_000)));

    [Fact]
    public void Create_Huge_IsRefused() => Assert.Throws<TemplateException>(() => new Template(new string('x', 300_000)));

    [Fact]
    public void Render_GarbledTemplates_FailInNoOtherWay()
    {
        string[] parts =
        [
            "{% for m in messages %}", "{% endfor %}", "{% if m.role == 'user' %}", "{% else %}", "{% endif %}", "{{ m.content | trim }}",
            "{{", "}}", "{%", "%}", "-", "'", "[1:", "]", "messages", ".role", "|", "tojson", "(", ")", " is ", "defined", "set x = ", "x",
            "\n", "if", "else", "~", "+", "{% macro f(a) %}", "{% endmacro %}", "{{ f(x) }}", "{", "}", ":", ",", "none", "range(3)", "not ",
            "in ", "1", "[::-1]", ".items()", "{# ", " #}", "namespace(a=1)", "{% set x.a = 2 %}", "loop.index", "%", "//", "0",
        ];
        var random = new Random(11);
        for (var round = 0; round < 3_000; round++)
        {
            var source = string.Concat(Enumerable.Range(0, random.Next(1, 12)).Select(_ => parts[random.Next(parts.Length)]));
            var error = Record.Exception(() => Render(round % 2 == 0 ? source : "{{ " + source + " }}"));
            Assert.True(error is null or TemplateException or TemplateRefusedException, $"{source}: {error}");
        }
    }

    [Fact]
    public void Render_TextsFromTheCaller_StayMarkedThroughAllThatIsDoneToThem()
    {
        using var json = JsonDocument.Parse("""["<x> AB <x>"]""");
        var template = new Template(
            "<t>{{ v[0] }}|{{ ('<t>' + v[0] + '<t>') | trim | replace('AB', '<t>') | lower }}|{{ v[0].split(' ')[0] ~ v[0][-3:] }}|{{ v | tojson }}");

        var text = template.Render(new Dictionary<string, object?> { ["v"] = CallerValue.Of(json.RootElement) }, TimeProvider.System);

        Assert.Equal("<t><x> AB <x>|<t><x> <t> <x><t>|<x><x>|[\"<x> AB <x>\"]", text.Text);
        var marks = new string('.', text.Length).ToCharArray();
        foreach (var range in text.FromCaller)
            marks.AsSpan(range.Start, range.End - range.Start).Fill('c');
        Assert.Equal("...cccccccccc....cccc...cccc....cccccc...cccccccccc..", new string(marks));
    }

    private static string Repeat(string part, int times) => string.Concat(Enumerable.Repeat(part, times));

    private static string Render(string source)
    {
        using var messages = JsonDocument.Parse(Messages);
        return new Template(source).Render(
            new Dictionary<string, object?> { ["messages"] = CallerValue.Of(messages.RootElement) },
            new FakeTimeProvider(new DateTimeOffset(2000, 1, 1, 12, 0, 0, TimeSpan.Zero))).Text;
    }
}
