namespace Serverless.Inference.Generation.Constraints.Grammar;

/// <summary>
/// A number. JSON sets no bound to its digits; here there are at most 15 before the point, 15 after it and two in the exponent: every
/// parser reads that, and a model cannot go on with digits for ever.
/// </summary>
internal sealed class NumberNode : GrammarNode
{
    private const int MaxDigits = 15;
    private const int MaxExponentDigits = 2;

    private const int Start = 0;
    private const int Minus = 1;
    private const int Zero = 2;
    private const int Whole = 3;
    private const int Point = 4;
    private const int Fraction = 5;
    private const int Exponent = 6;
    private const int Sign = 7;
    private const int ExponentDigits = 8;

    private readonly bool _isInteger;

    private NumberNode(bool isInteger) => _isInteger = isInteger;

    public static NumberNode Number { get; } = new(isInteger: false);

    public static NumberNode Integer { get; } = new(isInteger: true);

    public override bool CanEnd(Place place) => place.Phase is Zero or Whole or Fraction or ExponentDigits;

    public override void Step(Frame? parent, Place place, byte value, FrameSet next)
    {
        if (Next(place, value) is { } to)
            next.Add(parent, this, to);
    }

    private Place? Next(Place place, byte value) => (place.Phase, (char)value) switch
    {
        (Start, '-') => new Place(Minus),
        (Start or Minus, '0') => new Place(Zero),
        (Start or Minus, >= '1' and <= '9') => new Place(Whole, 1),
        (Whole, >= '0' and <= '9') when place.Index < MaxDigits => new Place(Whole, place.Index + 1),
        _ when _isInteger => null,
        (Zero or Whole, '.') => new Place(Point),
        (Point, >= '0' and <= '9') => new Place(Fraction, 1),
        (Fraction, >= '0' and <= '9') when place.Index < MaxDigits => new Place(Fraction, place.Index + 1),
        (Zero or Whole or Fraction, 'e' or 'E') => new Place(Exponent),
        (Exponent, '+' or '-') => new Place(Sign),
        (Exponent or Sign, >= '0' and <= '9') => new Place(ExponentDigits, 1),
        (ExponentDigits, >= '0' and <= '9') when place.Index < MaxExponentDigits => new Place(ExponentDigits, place.Index + 1),
        _ => null,
    };
}
