namespace Serverless.Inference.Generation.Constraints.Grammar;

/// <summary>
/// An array. The place's index counts the items, as far as the bounds care; its detail is the <see cref="Gap"/>.
/// </summary>
/// <param name="item">What the items are.</param>
/// <param name="min">The fewest of them.</param>
/// <param name="max">The most, null for any number.</param>
/// <param name="isFree">Whether it is part of a value that may be nested as deep as it likes, and so must be held back.</param>
internal sealed class ArrayNode(GrammarChoice item, int min, int? max, bool isFree = false) : GrammarNode
{
    private const int Start = 0;
    private const int Open = 1;
    private const int AfterItem = 2;
    private const int AfterComma = 3;

    public override bool IsContainer => true;

    public override void Step(Frame? parent, Place place, byte value, FrameSet next)
    {
        if (place.Phase == Start)
        {
            if (value == '[' && (!isFree || NestingLimits.HasRoom(parent)))
                next.Add(parent, this, new Place(Open));
            return;
        }

        var canClose = place.Phase != AfterComma && place.Index >= min;
        if (canClose && value == ']')
            next.Finish(parent);
        else if (place.Phase == AfterItem && place.Detail == 0 && value == ',' && !(place.Index >= max))
            next.Add(parent, this, new Place(AfterComma, place.Index));
        else if ((canClose || place.Phase != AfterItem) && Gap.Next(place.Detail, value) is >= 0 and var gap)
            next.Add(parent, this, place with { Detail = gap });
        else if (place.Phase != AfterItem && max != 0)
            item.Step(next.FrameOf(parent, this, new Place(AfterItem, Math.Min(place.Index + 1, max ?? min))), value, next);
    }
}
