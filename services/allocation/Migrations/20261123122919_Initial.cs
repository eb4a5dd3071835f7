using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace EPimorfosi.Allocation.Migrations
{
    /// <inheritdoc />
    public partial class Initial : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "applications",
                columns: table => new
                {
                    period = table.Column<string>(type: "text", nullable: false),
                    ticket = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    version = table.Column<int>(type: "integer", nullable: false),
                    cluster = table.Column<string>(type: "text", nullable: false),
                    preferences = table.Column<string[]>(type: "text[]", nullable: false),
                    withdrawn = table.Column<bool>(type: "boolean", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_applications", x => new { x.period, x.ticket });
                });

            migrationBuilder.CreateTable(
                name: "books",
                columns: table => new
                {
                    period = table.Column<string>(type: "text", nullable: false),
                    applications = table.Column<int>(type: "integer", nullable: true),
                    applications_sha256 = table.Column<string>(type: "text", nullable: true),
                    programmes = table.Column<int>(type: "integer", nullable: true),
                    programmes_sha256 = table.Column<string>(type: "text", nullable: true),
                    frozen_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    asked = table.Column<int>(type: "integer", nullable: false),
                    late = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_books", x => x.period);
                });

            migrationBuilder.CreateTable(
                name: "custodians",
                columns: table => new
                {
                    period = table.Column<string>(type: "text", nullable: false),
                    draw = table.Column<int>(type: "integer", nullable: false),
                    subject = table.Column<string>(type: "text", nullable: false),
                    position = table.Column<int>(type: "integer", nullable: false),
                    name = table.Column<string>(type: "text", nullable: false),
                    commitment = table.Column<string>(type: "text", nullable: false),
                    committed_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    reveal = table.Column<string>(type: "text", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_custodians", x => new { x.period, x.draw, x.subject });
                });

            migrationBuilder.CreateTable(
                name: "drawn_programmes",
                columns: table => new
                {
                    period = table.Column<string>(type: "text", nullable: false),
                    draw = table.Column<int>(type: "integer", nullable: false),
                    code = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    members = table.Column<int>(type: "integer", nullable: false),
                    cut_off = table.Column<int>(type: "integer", nullable: true),
                    runners_up = table.Column<int>(type: "integer", nullable: false),
                    below_minimum = table.Column<bool>(type: "boolean", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_drawn_programmes", x => new { x.period, x.draw, x.code });
                });

            migrationBuilder.CreateTable(
                name: "draws",
                columns: table => new
                {
                    period = table.Column<string>(type: "text", nullable: false),
                    number = table.Column<int>(type: "integer", nullable: false),
                    applications = table.Column<int>(type: "integer", nullable: false),
                    programmes = table.Column<int>(type: "integer", nullable: false),
                    applications_sha256 = table.Column<string>(type: "text", nullable: false),
                    programmes_sha256 = table.Column<string>(type: "text", nullable: false),
                    source = table.Column<string>(type: "text", nullable: false),
                    committed_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    randomness = table.Column<string>(type: "text", nullable: true),
                    seed = table.Column<string>(type: "text", nullable: true),
                    drawn_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    published_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_draws", x => new { x.period, x.number });
                });

            migrationBuilder.CreateTable(
                name: "inbox",
                columns: table => new
                {
                    message_id = table.Column<Guid>(type: "uuid", nullable: false),
                    endpoint = table.Column<string>(type: "text", nullable: false),
                    received_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_inbox", x => new { x.message_id, x.endpoint });
                });

            migrationBuilder.CreateTable(
                name: "outbox",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    type = table.Column<string>(type: "text", nullable: false),
                    body = table.Column<string>(type: "jsonb", nullable: false),
                    traceparent = table.Column<string>(type: "text", nullable: true),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    fault = table.Column<string>(type: "text", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_outbox", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "outcomes",
                columns: table => new
                {
                    period = table.Column<string>(type: "text", nullable: false),
                    draw = table.Column<int>(type: "integer", nullable: false),
                    place = table.Column<int>(type: "integer", nullable: false),
                    ticket = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    programme = table.Column<string>(type: "text", nullable: true),
                    rank = table.Column<int>(type: "integer", nullable: false),
                    runner_up = table.Column<int[]>(type: "integer[]", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_outcomes", x => new { x.period, x.draw, x.place });
                });

            migrationBuilder.CreateTable(
                name: "periods",
                columns: table => new
                {
                    code = table.Column<string>(type: "text", nullable: false),
                    version = table.Column<int>(type: "integer", nullable: false),
                    body = table.Column<string>(type: "jsonb", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_periods", x => x.code);
                });

            migrationBuilder.CreateTable(
                name: "programmes",
                columns: table => new
                {
                    period = table.Column<string>(type: "text", nullable: false),
                    code = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    version = table.Column<int>(type: "integer", nullable: false),
                    body = table.Column<string>(type: "jsonb", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_programmes", x => new { x.period, x.code });
                });

            migrationBuilder.CreateTable(
                name: "repairs",
                columns: table => new
                {
                    period = table.Column<string>(type: "text", nullable: false),
                    ticket = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_repairs", x => new { x.period, x.ticket });
                });

            migrationBuilder.CreateTable(
                name: "seat_heads",
                columns: table => new
                {
                    period = table.Column<string>(type: "text", nullable: false),
                    draw = table.Column<int>(type: "integer", nullable: false),
                    next_order = table.Column<long>(type: "bigint", nullable: false),
                    lines = table.Column<long>(type: "bigint", nullable: false),
                    hash = table.Column<string>(type: "text", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_seat_heads", x => x.period);
                });

            migrationBuilder.CreateTable(
                name: "seat_log",
                columns: table => new
                {
                    period = table.Column<string>(type: "text", nullable: false),
                    number = table.Column<long>(type: "bigint", nullable: false),
                    order = table.Column<long>(type: "bigint", nullable: true),
                    sequence = table.Column<long>(type: "bigint", nullable: true),
                    ticket = table.Column<string>(type: "text", nullable: false),
                    @event = table.Column<string>(name: "event", type: "text", nullable: false),
                    programme = table.Column<string>(type: "text", nullable: true),
                    preferences = table.Column<string[]>(type: "text[]", nullable: false),
                    rule = table.Column<string>(type: "text", nullable: true),
                    hash = table.Column<string>(type: "text", nullable: false),
                    decided_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_seat_log", x => new { x.period, x.number });
                });

            migrationBuilder.CreateTable(
                name: "seat_requests",
                columns: table => new
                {
                    period = table.Column<string>(type: "text", nullable: false),
                    order = table.Column<long>(type: "bigint", nullable: false),
                    sequence = table.Column<long>(type: "bigint", nullable: true),
                    kind = table.Column<int>(type: "integer", nullable: false),
                    ticket = table.Column<string>(type: "text", nullable: false),
                    preferences = table.Column<string[]>(type: "text[]", nullable: false),
                    accepted_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_seat_requests", x => new { x.period, x.order });
                });

            migrationBuilder.CreateTable(
                name: "seats",
                columns: table => new
                {
                    period = table.Column<string>(type: "text", nullable: false),
                    ticket = table.Column<string>(type: "text", nullable: false),
                    programme = table.Column<string>(type: "text", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_seats", x => new { x.period, x.ticket });
                });

            migrationBuilder.CreateTable(
                name: "waiting_claims",
                columns: table => new
                {
                    period = table.Column<string>(type: "text", nullable: false),
                    ticket = table.Column<string>(type: "text", nullable: false),
                    sequence = table.Column<long>(type: "bigint", nullable: false),
                    preferences = table.Column<string[]>(type: "text[]", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_waiting_claims", x => new { x.period, x.ticket });
                });

            migrationBuilder.CreateIndex(
                name: "ix_custodians_period_draw_commitment",
                table: "custodians",
                columns: new[] { "period", "draw", "commitment" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_custodians_period_draw_name",
                table: "custodians",
                columns: new[] { "period", "draw", "name" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_inbox_received_at",
                table: "inbox",
                column: "received_at");

            migrationBuilder.CreateIndex(
                name: "ix_outcomes_period_draw_ticket",
                table: "outcomes",
                columns: new[] { "period", "draw", "ticket" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_seat_log_period_order",
                table: "seat_log",
                columns: new[] { "period", "order" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_seats_period_programme",
                table: "seats",
                columns: new[] { "period", "programme" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "applications");

            migrationBuilder.DropTable(
                name: "books");

            migrationBuilder.DropTable(
                name: "custodians");

            migrationBuilder.DropTable(
                name: "drawn_programmes");

            migrationBuilder.DropTable(
                name: "draws");

            migrationBuilder.DropTable(
                name: "inbox");

            migrationBuilder.DropTable(
                name: "outbox");

            migrationBuilder.DropTable(
                name: "outcomes");

            migrationBuilder.DropTable(
                name: "periods");

            migrationBuilder.DropTable(
                name: "programmes");

            migrationBuilder.DropTable(
                name: "repairs");

            migrationBuilder.DropTable(
                name: "seat_heads");

            migrationBuilder.DropTable(
                name: "seat_log");

            migrationBuilder.DropTable(
                name: "seat_requests");

            migrationBuilder.DropTable(
                name: "seats");

            migrationBuilder.DropTable(
                name: "waiting_claims");
        }
    }
}
