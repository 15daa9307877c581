namespace Serverless.Inference.Generation.Constraints.Grammar;

/// <summary>
/// An object: its properties in their order, those not required may be left out; after them any others, where they are allowed. The place's
/// index is the first property that may come next (or the one whose value comes next; their number stands for another one), its detail the
/// <see cref="Gap"/> or how far a key is read.
/// </summary>
internal sealed class ObjectNode : GrammarNode
{
    private const int Start = 0;
    private const int Open = 1;
    private const int Key = 2;
    private const int OtherKey = 3;
    private const int AfterKey = 4;
    private const int BeforeValue = 5;
    private const int AfterValue = 6;
    private const int AfterComma = 7;

    private readonly ObjectProperty[] _properties;
    private readonly GrammarChoice? _others;
    private readonly bool _isFree;
    private readonly LiteralTrie _keys;
    private readonly OtherKeys _otherKeys;
    private readonly int[] _nextRequired;

    /// <param name="properties">The properties that the schema names.</param>
    /// <param name="others">What all others may be; null for none.</param>
    /// <param name="isFree">Whether it is part of a value that may be nested as deep as it likes, and so must be held back.</param>
    public ObjectNode(ObjectProperty[] properties, GrammarChoice? others, bool isFree = false)
    {
        _properties = properties;
        _others = others;
        _isFree = isFree;
        _keys = new LiteralTrie(properties.Select(property => property.Key), tracksTexts: true);
        _otherKeys = new OtherKeys(_keys);
        _nextRequired = new int[properties.Length + 1];
        _nextRequired[^1] = properties.Length;
        for (var index = properties.Length - 1; index >= 0; index--)
            _nextRequired[index] = properties[index].IsRequired ? index : _nextRequired[index + 1];
    }

    public override bool IsContainer => true;

    public override bool IsInString(Place place) => place.Phase == OtherKey && _otherKeys.IsBetweenCharacters(place.Detail);

    public override void Step(Frame? parent, Place place, byte value, FrameSet next)
    {
        switch (place.Phase)
        {
            case Start when value == '{' && (!_isFree || NestingLimits.HasRoom(parent)):
                next.Add(parent, this, new Place(Open));
                break;
            case Open or AfterValue or AfterComma:
                StepBetween(parent, place, value, next);
                break;
            case Key:
                StepKey(parent, place, value, next);
                break;
            case OtherKey:
                StepOtherKey(parent, place, value, next);
                break;
            case AfterKey when value == ':':
                next.Add(parent, this, place with { Phase = BeforeValue });
                break;
            case BeforeValue:
                StepValue(parent, place, value, next);
                break;
        }
    }

    private void StepBetween(Frame? parent, Place place, byte value, FrameSet next)
    {
        var canClose = place.Phase != AfterComma && MayEnd(place.Index);
        if (canClose && value == '}')
            next.Finish(parent);
        else if (value == ',' && place is { Phase: AfterValue, Detail: 0 } && (place.Index < _properties.Length || _others is not null))
            next.Add(parent, this, new Place(AfterComma, place.Index));
        else if ((canClose || place.Phase != AfterValue) && Gap.Next(place.Detail, value) is >= 0 and var gap)
            next.Add(parent, this, place with { Detail = gap });
        else if (value == '"' && place.Phase != AfterValue)
            BeginKey(parent, place.Index, next);
    }

    private void BeginKey(Frame? parent, int index, FrameSet next)
    {
        if (index < _properties.Length)
            next.Add(parent, this, new Place(Key, index));
        if (_others is not null && MayEnd(index))
            AddOtherKey(parent, _otherKeys.Begin(), next);
    }

    private void StepKey(Frame? parent, Place place, byte value, FrameSet next)
    {
        var last = Math.Min(_nextRequired[place.Index], _properties.Length - 1);
        var node = _keys.Find(place.Detail, value);
        if (node < 0 || !_keys.LeadsTo(node, place.Index, last))
            return;
        var property = _keys.TextAt(node);
        next.Add(parent, this, property >= 0 ? new Place(AfterKey, property) : place with { Detail = node });
    }

    private void StepOtherKey(Frame? parent, Place place, byte value, FrameSet next) =>
        AddOtherKey(parent, _otherKeys.Next(place.Detail, value), next);

    private void AddOtherKey(Frame? parent, OtherKeyPlace key, FrameSet next)
    {
        var afterKey = new Place(AfterKey, _properties.Length);
        if (key.IsClosed)
            next.Add(parent, this, afterKey);
        else if (key.StringState != 0)
            next.Add(next.FrameOf(parent, this, afterKey), StringNode.Instance, new Place(key.StringState));
        else if (key.KeyNode >= 0)
            next.Add(parent, this, new Place(OtherKey, 0, key.KeyNode));
    }

    private void StepValue(Frame? parent, Place place, byte value, FrameSet next)
    {
        if (value == ' ' && place.Detail == 0)
        {
            next.Add(parent, this, place with { Detail = 1 });
            return;
        }

        var isNamed = place.Index < _properties.Length;
        var after = next.FrameOf(parent, this, new Place(AfterValue, isNamed ? place.Index + 1 : place.Index));
        (isNamed ? _properties[place.Index].Value : _others!).Step(after, value, next);
    }

    private bool MayEnd(int index) => _nextRequired[index] == _properties.Length;
}
