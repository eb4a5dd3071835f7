namespace EPimorfosi.Notifications.Messages;

/// <summary>What is true of all messages of a kind.</summary>
public static class Kinds
{
    /// <summary>R29: everybody is told, whatever they would rather; the rest asks their preferences and says how to end it.</summary>
    public static bool IsMandatory(this MessageKind kind) => kind is not (MessageKind.Announcement or MessageKind.OfficeDigest);

    /// <summary>The letter holds a secret that opens an account or a thread. It goes from the row with the mark, so the letter is sent once.</summary>
    public static bool HoldsSecret(this MessageKind kind) => kind is MessageKind.Invitation or MessageKind.PasswordForgotten
        or MessageKind.QuestionToConfirm or MessageKind.QuestionTaken or MessageKind.QuestionAnswered;

    /// <summary>What is of no use, or too long, as an SMS.</summary>
    public static bool IsMailOnly(this MessageKind kind) => kind is MessageKind.Invitation or MessageKind.PasswordForgotten or MessageKind.Announcement or MessageKind.OfficeDigest
        or MessageKind.ImportFinished or MessageKind.ProgrammeReturned or MessageKind.ProgrammeApproved or MessageKind.QuestionToConfirm or MessageKind.QuestionTaken or MessageKind.QuestionAnswered;
}
