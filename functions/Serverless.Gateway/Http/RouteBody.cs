namespace Serverless.Gateway.Http;

/// <summary>What the gateway may read in the body of a request.</summary>
internal enum RouteBody
{
    /// <summary>Nothing.</summary>
    Opaque,

    /// <summary>Which model it is for.</summary>
    NamesModel,

    /// <summary>Which model it is for, and whether it asks for a stream.</summary>
    MayAskForStream,

    /// <summary>Nothing, and the answer is a stream.</summary>
    IsStreamed,
}
