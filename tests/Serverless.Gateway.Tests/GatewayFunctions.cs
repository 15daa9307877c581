using System.Reflection;
using Microsoft.Azure.Functions.Worker;
using Serverless.Gateway.Http;

namespace Serverless.Gateway.Tests;

/// <summary>The HTTP functions of the gateway, found by the attributes that the Functions host finds them by.</summary>
internal static class GatewayFunctions
{
    public static IReadOnlyList<(string Name, HttpTriggerAttribute Trigger, MethodInfo Method)> All { get; } =
    [
        .. from type in typeof(GatewayPipeline).Assembly.GetTypes()
           from method in type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly)
           let function = method.GetCustomAttribute<FunctionAttribute>()
           where function is not null
           from parameter in method.GetParameters()
           let trigger = parameter.GetCustomAttribute<HttpTriggerAttribute>()
           where trigger is not null
           select (function.Name, trigger, method),
    ];

    /// <summary>Maps them all on Kestrel, with their methods and routes.</summary>
    public static void Map(WebApplication app)
    {
        foreach (var (_, trigger, method) in All)
        {
            app.MapMethods(trigger.Route!, trigger.Methods!.Select(verb => verb.ToUpperInvariant()), (HttpContext context) =>
            {
                var target = method.IsStatic ? null : ActivatorUtilities.CreateInstance(context.RequestServices, method.DeclaringType!);
                return (Task)method.Invoke(target, [context.Request])!;
            });
        }
    }
}
