using System.Globalization;
using Microsoft.AspNetCore.Http;
using Serverless.Contracts.Errors;

namespace Serverless.Gateway.Jobs;

/// <summary>The query parameters of lists.</summary>
internal sealed record PageQuery(int Limit, string? After)
{
    public static PageQuery From(IQueryCollection query, int maximum, int usual, Func<string?, bool> isId)
    {
        var limit = usual;
        if (query["limit"].ToString() is { Length: > 0 } text
            && (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out limit) || limit < 1 || limit > maximum))
        {
            throw new InferenceException(ErrorKind.InvalidRequest, $"'limit' must be a whole number from 1 to {maximum}.", "limit");
        }

        var after = query["after"].ToString() is { Length: > 0 } id ? id : null;
        return after is null || isId(after)
            ? new PageQuery(limit, after)
            : throw new InferenceException(ErrorKind.InvalidRequest, "'after' must be the id of an entry of this list.", "after");
    }
}
