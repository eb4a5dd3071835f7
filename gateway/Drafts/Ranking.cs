using System.Globalization;

namespace EPimorfosi.Gateway.Drafts;

/// <summary>
/// What the buttons of a ranked list do to it. Pure. Where the period asks for IIa before IIb (R13), nothing here can bring a IIa programme behind a
/// IIb one: each moves among its own kind.
/// </summary>
static class Ranking
{
    /// <param name="act"><c>add:CODE</c>, <c>remove:CODE</c>, <c>up:CODE</c>, <c>down:CODE</c> or <c>move:CODE:3</c> (to the third place).</param>
    /// <param name="first">Whether a programme belongs to those that go first.</param>
    /// <param name="may">Whether it may be added.</param>
    /// <returns>The list after it; null if that is no act on this list.</returns>
    public static IReadOnlyList<string>? Do(string? act, IReadOnlyList<string> list, Func<string, bool> first, Func<string, bool> may)
    {
        if (act?.Split(':') is not [var verb, var code, ..] parts)
        {
            return null;
        }
        var (at, ordered) = (IndexOf(list, code), Ordered(list, first));
        return (verb, at) switch
        {
            ("add", -1) when may(code) => Ordered([.. ordered, code], first),
            ("add", >= 0) => ordered,
            ("remove", >= 0) => [.. ordered.Where(listed => listed != code)],
            ("remove", -1) => ordered,
            ("up", >= 0) => Moved(ordered, code, IndexOf(ordered, code) - 1, first),
            ("down", >= 0) => Moved(ordered, code, IndexOf(ordered, code) + 1, first),
            ("move", >= 0) when parts is [_, _, var place] && int.TryParse(place, NumberStyles.None, CultureInfo.InvariantCulture, out var to) => Moved(ordered, code, to - 1, first),
            _ => null,
        };
    }

    /// <summary>Those that go first before the others, each kind in its own order.</summary>
    public static IReadOnlyList<string> Ordered(IEnumerable<string> list, Func<string, bool> first) => [.. list.OrderBy(code => first(code) ? 0 : 1)];

    static IReadOnlyList<string> Moved(IReadOnlyList<string> list, string code, int to, Func<string, bool> first)
    {
        var rest = list.Where(listed => listed != code).ToList();
        rest.Insert(Math.Clamp(to, 0, rest.Count), code);
        return Ordered(rest, first);
    }

    static int IndexOf(IReadOnlyList<string> list, string code) => list.ToList().IndexOf(code);
}
