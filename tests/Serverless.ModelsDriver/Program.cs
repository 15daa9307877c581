using Serverless.ModelsDriver;

// Publishes or loads in a process of its own, saying how far it is, so that tests can kill it anywhere.
switch (args)
{
    case ["push", var store, var graph, var weights]:
        await Push.RunAsync(store, graph, weights);
        return 0;
    case ["load", var store, var cache, var place]:
        await Load.RunAsync(store, cache, place);
        return 0;
    default:
        Console.Error.WriteLine("push STORE GRAPH WEIGHTS | load STORE CACHE memory|file");
        return 2;
}
