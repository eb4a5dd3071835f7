using System.Globalization;
using EPimorfosi.Contracts.Allocation;
using EPimorfosi.Contracts.Applications;
using EPimorfosi.Contracts.Gateway;
using EPimorfosi.Contracts.Imports;
using EPimorfosi.Contracts.Programmes;
using EPimorfosi.Notifications.HelpDesk;
using EPimorfosi.Notifications.News;
using EPimorfosi.Notifications.Sending;

namespace EPimorfosi.Notifications.Templates;

/// <summary>What the gaps of a template are filled with, as people read it.</summary>
public sealed class LetterFacts
{
    readonly Dictionary<string, string> facts = [];
    readonly Words words;
    readonly Uri link;
    readonly Func<string, Programme> programme;
    readonly Func<Guid, Announcement> announcement;

    LetterFacts(DueMessage message, CatalogueExtract catalogue, Words words, Uri link, string? unsubscribe)
    {
        announcement = id => catalogue.Announcements![id];
        facts["unsubscribeLink"] = new Uri(link, $"/unsubscribe/{unsubscribe}").ToString();
        (this.words, this.link) = (words, link);
        programme = code => catalogue.Programmes[(message.Period!, code)];
        facts["ticket"] = message.Recipient;
        if (message.Period is { } period)
        {
            Add(catalogue.Periods[period]);
        }
    }

    public static IReadOnlyDictionary<string, string> Of(DueMessage message, CatalogueExtract catalogue, Words words, Uri link, string? unsubscribe = null)
    {
        var letter = new LetterFacts(message, catalogue, words, link, unsubscribe);
        switch (message.Facts)
        {
            case ApplicationVersion application: letter.Add(application); break;
            case ApplicationStruck strike: letter.Add(strike); break;
            case Outcome outcome: letter.Add(outcome); break;
            case SeatDecision decision: letter.Add(decision); break;
            case EnrolmentAnswered answer: letter.Add(answer); break;
            case InvitationIssued invitation: letter.Add(invitation); break;
            case PasswordForgotten asked: letter.Add(asked); break;
            case AnnouncementFacts news: letter.Add(news); break;
            case DigestFacts digest: letter.Add(digest); break;
            case QuestionFacts question: letter.Add(question); break;
            case ImportFinished import: letter.Add(import); break;
            case ProgrammeReturned returned: letter.Add(returned); break;
            case ProgrammeApproved approved: letter.Add(approved); break;
        }
        return letter.facts;
    }

    void Add(Period period)
    {
        facts["periodCode"] = period.Code;
        facts["period"] = words.Choose(period.Title);
        facts["phaseACloses"] = words.Moment(period.PhaseA.Closes);
        facts["phaseBOpens"] = words.Moment(period.PhaseB.Opens);
        facts["phaseBCloses"] = words.Moment(period.PhaseB.Closes);
        facts["enrolmentOpens"] = words.Moment(period.Enrolment.Opens);
        facts["enrolmentCloses"] = words.Moment(period.Enrolment.Closes);
    }

    void Add(ApplicationVersion application)
    {
        facts["version"] = words.Number(application.Version);
        facts["receivedAt"] = words.Moment(application.ReceivedAt);
        facts["digest"] = application.Digest;
        facts["count"] = words.Count("Programmes", application.Preferences.Count);
        facts["preferences"] = string.Join('\n', application.Preferences.Select((code, i) =>
            words.Fill("Preference", ("rank", words.Number(i + 1)), ("programme", Title(code)))));
    }

    void Add(ApplicationStruck strike)
    {
        facts["reason"] = strike.Reason;
        facts["struckAt"] = words.Moment(strike.At);
    }

    void Add(Outcome outcome)
    {
        facts["place"] = words.Number(outcome.Place);
        facts["choices"] = string.Join('\n', outcome.Choices.Select((choice, i) =>
            Choices.Explain(outcome, choice, i + 1, Title(choice.Programme), words)));
        if (outcome.Programme is { } seat)
        {
            facts["rank"] = words.Number(outcome.Rank);
            facts["minimum"] = words.Count("Teachers", programme(seat).Minimum);
            AddProgramme(seat);
        }
    }

    void Add(SeatDecision decision)
    {
        facts["decidedAt"] = words.Moment(decision.DecidedAt);
        facts["number"] = words.Number(decision.Number);
        facts["offerLink"] = new Uri(link, $"/offers/{facts["periodCode"]}.{decision.Number.ToString(CultureInfo.InvariantCulture)}").ToString();
        (facts["expiresAt"], facts["expiresShort"]) = decision.ExpiresAt is { } until ? (words.Moment(until), words.Brief(until)) : ("–", "–");
        facts["sequence"] = decision.Sequence is { } sequence ? words.Number(sequence) : "–";
        facts["reason"] = decision.Rule == "R21" ? words.Text("Refusal.R21") : words.Fill("Refusal.Other", ("rule", decision.Rule ?? "–"));
        if (decision.Programme is { } seat)
        {
            AddProgramme(seat);
        }
    }

    void Add(EnrolmentAnswered answer)
    {
        var seat = programme(answer.Programme);
        facts["answeredAt"] = words.Moment(answer.At);
        facts["startsOn"] = seat.StartsOn is { } day ? words.Day(day) : words.Text("ToBeAnnounced");
        facts["slots"] = seat.Slots.Count == 0 ? words.Text("ToBeAnnounced") : string.Join(", ", seat.Slots.Select(words.Slot));
        AddProgramme(answer.Programme);
    }

    void Add(InvitationIssued invitation)
    {
        facts["userName"] = invitation.UserName;
        facts["invitationLink"] = invitation.Link;
        facts["expiresAt"] = words.Moment(invitation.ExpiresAt);
    }

    void Add(PasswordForgotten asked)
    {
        facts["userName"] = asked.UserName;
        facts["passwordLink"] = asked.Link;
        facts["expiresAt"] = words.Moment(asked.ExpiresAt);
    }

    void Add(AnnouncementFacts news)
    {
        var written = announcement(news.Id);
        facts["title"] = words.Choose(written.Title);
        facts["text"] = SafeMarkdown.Plain(words.Choose(written.Text));
        facts["announcementLink"] = new Uri(link, $"/announcements/{news.Id}").ToString();
    }

    void Add(DigestFacts digest)
    {
        (facts["failed"], facts["bounced"], facts["stuck"], facts["questions"]) =
            (words.Number(digest.Failed), words.Number(digest.Bounced), words.Number(digest.Stuck), words.Number(digest.Questions));
        facts["steps"] = digest.Steps.Count == 0 ? words.Text("Step.None")
            : string.Join('\n', digest.Steps.Select(s => words.Fill($"Step.{s.Step}", ("period", s.Period), ("at", words.Moment(s.At)))));
        facts["officeLink"] = new Uri(link, "/office/help").ToString();
    }

    void Add(QuestionFacts question)
    {
        (facts["number"], facts["subject"], facts["answer"]) = (words.Number(question.Number), question.Subject, question.Answer ?? "–");
        facts["threadLink"] = new Uri(link, $"/help/thread/{question.Secret}").ToString();
    }

    void Add(ImportFinished import)
    {
        facts["what"] = words.Fill($"Import.{import.What}", ("period", import.Period ?? "–"));
        (facts["by"], facts["importedAt"]) = (import.By, words.Moment(import.At));
        (facts["created"], facts["updated"], facts["unchanged"], facts["rejected"]) =
            (words.Number(import.Created), words.Number(import.Updated), words.Number(import.Unchanged), words.Number(import.Rejected));
    }

    void Add(ProgrammeReturned returned)
    {
        (facts["code"], facts["title"], facts["centre"], facts["periodCode"]) = (returned.Code, returned.Title, returned.CentreName, returned.Period);
        (facts["reason"], facts["returnedAt"], facts["centreLink"]) = (returned.Reason, words.Moment(returned.At), new Uri(link, "/centre").ToString());
    }

    void Add(ProgrammeApproved approved)
    {
        (facts["code"], facts["title"], facts["centre"], facts["periodCode"]) = (approved.Code, approved.Title, approved.CentreName, approved.Period);
        (facts["approvedAt"], facts["programmeLink"]) = (words.Moment(approved.At), new Uri(link, $"/programmes/{approved.Code}").ToString());
    }

    void AddProgramme(string code) => (facts["code"], facts["programme"]) = (code, Title(code));

    string Title(string code)
    {
        var named = programme(code);
        return words.Fill(
            "Programme", ("code", code), ("title", named.Title), ("centre", named.CentreName), ("category", words.Text($"Category.{named.Category}")));
    }
}
