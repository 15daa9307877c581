using Serverless.FunctionsHost.Functions;

namespace Serverless.FunctionsHost.Http;

/// <summary>An HTTP-triggered function, as requests need it.</summary>
internal sealed record HttpFunction(
    string Name, string TriggerName, string Route, IReadOnlyList<string> Methods, AuthorizationLevel Level, bool HasOutputs)
{
    public static HttpFunction From(FunctionDefinition function, string routePrefix)
    {
        var trigger = function.Trigger!;
        var route = (trigger.Text("route") ?? function.Name).Trim('/');
        return new HttpFunction(
            function.Name,
            trigger.Name,
            routePrefix.Length == 0 ? $"/{route}" : $"/{routePrefix}/{route}",
            trigger.List("methods"),
            Enum.TryParse<AuthorizationLevel>(trigger.Text("authLevel"), ignoreCase: true, out var level)
                ? level
                : AuthorizationLevel.Function,
            function.Outputs.Any(o => o.Is(BindingTypes.QueueOutput)));
    }

    public bool Accepts(string method)
    {
        if (Methods.Count == 0) return true;
        foreach (var declared in Methods)
            if (declared.Equals(method, StringComparison.OrdinalIgnoreCase)) return true;
        return false;
    }
}
