using Serverless.Contracts.Jobs;

namespace Serverless.Gateway.Batches.Validation;

/// <summary>Checks an input line by line and notes where each request begins and how much work it is. One use.</summary>
internal sealed class InputCheck(string endpoint)
{
    private readonly string? _endpointModel = ModelOfPath(endpoint);
    private readonly HashSet<UInt128> _ids = [];
    private readonly List<RequestPosition> _requests = [];
    private int _inputs;
    private bool _tooMany;

    public ValidationErrors Errors { get; } = new();

    /// <summary>Every request, in input order.</summary>
    public IReadOnlyList<RequestPosition> Requests => _requests;

    /// <summary>The model that all requests name.</summary>
    public string? Model { get; private set; }

    /// <summary>Reads to the end, or to the point from which on all would be errors of one kind.</summary>
    /// <param name="stream">The input from its beginning.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public async Task ReadAsync(Stream stream, CancellationToken cancellationToken)
    {
        var head = new byte[4];
        var length = await stream.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false, cancellationToken);
        if (FileHead.NameOf(head.AsSpan(0, length)) is { } format)
        {
            Errors.Add(BatchErrorCodes.InvalidFile, $"The file is {format}, where UTF-8 JSON Lines are expected.", line: 1);
            return;
        }

        var mark = FileHead.ByteOrderMarkLength(head.AsSpan(0, length));
        var reader = new InputLineReader(new PrefixedStream(head.AsMemory(mark, length - mark), stream), mark);
        while (!_tooMany && await reader.ReadAsync(cancellationToken) is { } line)
            Check(line);
        if (_requests.Count == 0 && Errors.Count == 0)
            Errors.Add(BatchErrorCodes.EmptyBatch, "The file holds no request.");
    }

    private void Check(InputLine line)
    {
        if (_requests.Count == JobLimits.MaxRequests)
        {
            _tooMany = true;
            Errors.Add(BatchErrorCodes.TooManyTasks, $"The file holds more than {JobLimits.MaxRequests} requests.", line: line.Number);
            return;
        }

        var request = default(RequestLine);
        try
        {
            if (line.IsTooLong)
                throw new LineException(BatchErrorCodes.LineTooLarge, $"The line is longer than {JobLimits.MaxLineBytes} bytes.");
            request = RequestLine.Read(line.Content.Span);
            Check(request, line.Number);
        }
        catch (LineException exception)
        {
            Errors.Add(exception.Code, exception.Message, exception.Param, line.Number);
        }

        var units = WorkEstimate.UnitsOf(endpoint, line.Content.Length, request.MaxTokens, Math.Max(1, request.Texts));
        _requests.Add(new RequestPosition(line.Offset, line.NextOffset, units));
    }

    private void Check(RequestLine request, int line)
    {
        if (!_ids.Add(request.CustomId))
            throw new LineException(BatchErrorCodes.DuplicateCustomId, "The 'custom_id' stands on an earlier line too.", "custom_id");
        if (request.Url != endpoint)
        {
            throw new LineException(
                BatchErrorCodes.UrlMismatch, $"'url' is '{ValidationErrors.Quote(request.Url)}'; the batch's endpoint is '{endpoint}'.", "url");
        }

        var model = _endpointModel ?? request.Model
            ?? throw new LineException(BatchErrorCodes.InvalidRequest, "'body.model' is missing.", "body.model");
        Model ??= model;
        if (Model != model)
        {
            throw new LineException(
                BatchErrorCodes.ModelMismatch,
                $"'body.model' is '{ValidationErrors.Quote(model)}'; earlier lines name '{ValidationErrors.Quote(Model)}'.",
                "body.model");
        }

        var before = _inputs;
        _inputs += request.Inputs;
        if (_inputs > JobLimits.MaxEmbeddingInputs && before <= JobLimits.MaxEmbeddingInputs && endpoint == WorkEstimate.Embeddings)
            Errors.Add(BatchErrorCodes.TooManyTasks, $"The lines hold more than {JobLimits.MaxEmbeddingInputs} inputs in all.", "body.input", line);
    }

    /// <summary><c>/v2/models/m/infer</c> names its model itself, as <c>m</c> or <c>m:version</c>.</summary>
    private static string? ModelOfPath(string endpoint) => endpoint.Split('/') switch
    {
        [_, "v2", "models", var name, "infer"] => name,
        [_, "v2", "models", var name, "versions", var version, "infer"] => $"{name}:{version}",
        _ => null,
    };
}
