using EPimorfosi.Contracts.Allocation;
using MassTransit;
using Microsoft.EntityFrameworkCore;

namespace EPimorfosi.Notifications.Catalogue;

/// <summary>Notes how many results there are, so that the summary shows whether everybody's message is here (I13).</summary>
public class ResultsPublishedConsumer(NotificationsDb db) : IConsumer<ResultsPublished>
{
    public Task Consume(ConsumeContext<ResultsPublished> context)
    {
        var results = context.Message;
        return db.Database.ExecuteSqlAsync($"""
            insert into draws (period, draw, applications, placed, published_at)
            values ({results.Period}, {results.Draw}, {results.Applications}, {results.Placed}, {results.PublishedAt.ToUniversalTime()})
            on conflict (period, draw) do nothing
            """, context.CancellationToken);
    }
}
