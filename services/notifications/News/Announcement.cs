using EPimorfosi.Contracts;

namespace EPimorfosi.Notifications.News;

/// <summary>Ανακοίνωση: portal news in Markdown (R29), public from <see cref="PublishAt"/> on.</summary>
public class Announcement
{
    public required Guid Id { get; init; }
    public required LocalText Title { get; set; }

    /// <summary>Markdown.</summary>
    public required LocalText Text { get; set; }
    public required DateTimeOffset PublishAt { get; set; }

    /// <summary>No longer shown after it; null for as long as there is a portal.</summary>
    public DateTimeOffset? Until { get; set; }
    public bool Pinned { get; set; }

    /// <summary>Whom it concerns (<see cref="Audience"/>); all three null for everybody.</summary>
    public string? Cluster { get; set; }
    public string? Prefecture { get; set; }

    /// <summary>Shown only to who has it.</summary>
    public string? Role { get; set; }

    /// <summary>Also sent by e-mail to those whom it concerns, but for those who wish none.</summary>
    public bool ByMail { get; set; }
    public DateTimeOffset? MailedAt { get; set; }
    public required string WrittenBy { get; set; }
    public required DateTimeOffset ChangedAt { get; set; }

    /// <summary>From 1; older ones are kept as <see cref="NewsVersion"/>.</summary>
    public int Version { get; set; } = 1;
}

/// <summary>Of an announcement by e-mail: its text is read when it is sent.</summary>
/// <param name="Account">Whose it is, where it is not to a teacher as such.</param>
public record AnnouncementFacts(Guid Id, Guid? Account = null);
