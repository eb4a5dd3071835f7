using System.Globalization;
using EPimorfosi.Contracts.Allocation;
using Microsoft.Extensions.Localization;

namespace EPimorfosi.Applications;

/// <summary>R19: the outcome of the draw in plain words, a sentence each.</summary>
public static class Explanation
{
    public static IEnumerable<string> Of(Outcome outcome, IStringLocalizer<Texts> text)
    {
        yield return text["Explain.Place", outcome.Place];
        for (var rank = 1; rank <= outcome.Choices.Count; rank++)
        {
            var choice = outcome.Choices[rank - 1];
            yield return rank == outcome.Rank ? text["Explain.Got", Ordinal(rank), choice.Programme]
                : outcome.Rank > 0 && rank > outcome.Rank ? text["Explain.NotNeeded", Ordinal(rank), choice.Programme]
                : choice.CutOff is not { } cutOff ? text["Explain.NoCutOff", Ordinal(rank), choice.Programme]
                : choice.RunnerUp is { } position ? text["Explain.RunnerUp", Ordinal(rank), choice.Programme, cutOff, position]
                : text["Explain.Full", Ordinal(rank), choice.Programme, cutOff];
        }
        if (outcome.Provisional)
        {
            yield return text["Explain.Provisional"];
        }
    }

    // The Greek ending depends on the case, so the Greek text has it.
    static string Ordinal(int rank) => CultureInfo.CurrentUICulture.TwoLetterISOLanguageName == "el"
        ? rank.ToString(CultureInfo.InvariantCulture)
        : rank + (rank % 100 is >= 11 and <= 13 ? "th" : (rank % 10) switch { 1 => "st", 2 => "nd", 3 => "rd", _ => "th" });
}
