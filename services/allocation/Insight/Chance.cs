namespace EPimorfosi.Allocation.Insight;

/// <summary>What a list may bring to one who is not in the book yet (R13-R16), by the simulated draws.</summary>
/// <remarks>
/// Whoever comes at place p has p - 1 before them, who fare as they would without the newcomer; so a programme is still to be had exactly if p is not
/// behind its last place. p is as likely to be any of 1 … N + 1: all of them are counted instead of some being tried.
/// </remarks>
public static class Chance
{
    /// <param name="list">Programmes' numbers, in rank order.</param>
    /// <returns>By rank the share of draws that bring this choice or a better one: it never falls down the list.</returns>
    public static double[] ThisOrBetter(Simulation simulation, IReadOnlyList<int> list)
    {
        var reached = new int[simulation.Draws];
        var shares = new double[list.Count];
        for (var rank = 0; rank < list.Count; rank++)
        {
            var lastPlaces = simulation.LastPlaces(list[rank]);
            var places = 0L;
            for (var draw = 0; draw < reached.Length; draw++)
            {
                places += reached[draw] = Math.Max(reached[draw], lastPlaces[draw]);
            }
            shares[rank] = (double)places / ((long)reached.Length * (simulation.Applications + 1));
        }
        return shares;
    }
}
