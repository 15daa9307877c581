namespace Serverless.Inference.Generation.Text.Templates;

/// <summary>One rendering: where it is, and what it may still take.</summary>
internal sealed class TemplateRun(TimeProvider time)
{
    private int _steps = TemplateLimits.Steps;
    private int _characters = TemplateLimits.AllCharacters;
    private int _macros;

    public TimeProvider Time => time;

    /// <summary>The line of the template that runs.</summary>
    public int Line { get; private set; } = 1;

    /// <exception cref="TemplateException">It has taken too many.</exception>
    public void Step(int line)
    {
        Line = line;
        Steps(1);
    }

    public void Steps(int count)
    {
        if ((_steps -= count) < 0)
            throw new TemplateException($"the template takes more than {TemplateLimits.Steps} steps");
    }

    public void Characters(int count)
    {
        if ((_characters -= count) < 0)
            throw new TemplateException($"the template makes more than {TemplateLimits.AllCharacters} characters of text");
    }

    public void EnterMacro()
    {
        System.Runtime.CompilerServices.RuntimeHelpers.EnsureSufficientExecutionStack();
        if (++_macros > TemplateLimits.MacroDepth)
            throw new TemplateException($"macros call each other more than {TemplateLimits.MacroDepth} deep");
    }

    public void LeaveMacro() => _macros--;
}
