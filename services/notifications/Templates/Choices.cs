using EPimorfosi.Contracts.Allocation;

namespace EPimorfosi.Notifications.Templates;

/// <summary>R19: for each programme of the list why or why not, in plain words.</summary>
public static class Choices
{
    public static string Explain(Outcome outcome, ChoiceOutcome choice, int rank, string programme, Words words)
    {
        var key = outcome.Programme is not null && rank == outcome.Rank ? "Seat"
            : outcome.Programme is not null && rank > outcome.Rank ? "NotNeeded"
            : choice.CutOff is null ? "SeatsLeft"
            : choice.RunnerUp is null ? "Full"
            : choice is { Members: not null, RunnersUp: not null } ? "RunnerUpOf" : "RunnerUp"; // a message of an older version tells less
        return words.Fill($"Choice.{key}", new Dictionary<string, string>
        {
            ["rank"] = words.Number(rank),
            ["programme"] = programme,
            ["place"] = words.Number(outcome.Place),
            ["cutOff"] = choice.CutOff is { } cutOff ? words.Number(cutOff) : "–",
            ["runnerUp"] = choice.RunnerUp is { } position ? words.Number(position) : "–",
            ["members"] = choice.Members is { } members ? words.Number(members) : "–",
            ["runnersUp"] = choice.RunnersUp is { } all ? words.Number(all) : "–",
        });
    }
}
