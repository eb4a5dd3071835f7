using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace EPimorfosi.Allocation.Migrations
{
    /// <inheritdoc />
    public partial class CeremonyAndOffers : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "committed_by",
                table: "draws",
                type: "text",
                nullable: false,
                defaultValue: "");

            migrationBuilder.AddColumn<string>(
                name: "drawn_by",
                table: "draws",
                type: "text",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "previous_signature",
                table: "draws",
                type: "text",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "published_by",
                table: "draws",
                type: "text",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "round",
                table: "draws",
                type: "bigint",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "signature",
                table: "draws",
                type: "text",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "struck",
                table: "books",
                type: "integer",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<string>(
                name: "struck_sha256",
                table: "books",
                type: "text",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "struck",
                table: "applications",
                type: "integer",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "offers",
                columns: table => new
                {
                    period = table.Column<string>(type: "text", nullable: false),
                    number = table.Column<long>(type: "bigint", nullable: false),
                    ticket = table.Column<string>(type: "text", nullable: false),
                    programme = table.Column<string>(type: "text", nullable: false),
                    state = table.Column<string>(type: "text", nullable: false),
                    expires_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_offers", x => new { x.period, x.number });
                });

            migrationBuilder.CreateTable(
                name: "rehearsals",
                columns: table => new
                {
                    period = table.Column<string>(type: "text", nullable: false),
                    number = table.Column<int>(type: "integer", nullable: false),
                    text = table.Column<string>(type: "text", nullable: false),
                    synthetic = table.Column<int>(type: "integer", nullable: true),
                    draw = table.Column<int>(type: "integer", nullable: false),
                    by = table.Column<string>(type: "text", nullable: false),
                    at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_rehearsals", x => new { x.period, x.number });
                });

            migrationBuilder.CreateTable(
                name: "repetitions",
                columns: table => new
                {
                    period = table.Column<string>(type: "text", nullable: false),
                    draw = table.Column<int>(type: "integer", nullable: false),
                    reason = table.Column<string>(type: "text", nullable: false),
                    by = table.Column<string>(type: "text", nullable: false),
                    at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_repetitions", x => new { x.period, x.draw });
                });

            migrationBuilder.CreateTable(
                name: "strikes",
                columns: table => new
                {
                    period = table.Column<string>(type: "text", nullable: false),
                    number = table.Column<int>(type: "integer", nullable: false),
                    draw = table.Column<int>(type: "integer", nullable: false),
                    ticket = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    struck = table.Column<bool>(type: "boolean", nullable: false),
                    reason = table.Column<string>(type: "text", nullable: false),
                    by = table.Column<string>(type: "text", nullable: false),
                    at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    applications = table.Column<int>(type: "integer", nullable: false),
                    applications_sha256 = table.Column<string>(type: "text", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_strikes", x => new { x.period, x.number });
                });

            migrationBuilder.CreateIndex(
                name: "ix_seat_log_period_ticket",
                table: "seat_log",
                columns: new[] { "period", "ticket" },
                filter: "event in ('placed', 'promoted', 'accepted')");

            migrationBuilder.CreateIndex(
                name: "ix_offers_period_programme",
                table: "offers",
                columns: new[] { "period", "programme" });

            migrationBuilder.CreateIndex(
                name: "ix_offers_period_ticket_programme",
                table: "offers",
                columns: new[] { "period", "ticket", "programme" },
                unique: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "offers");

            migrationBuilder.DropTable(
                name: "rehearsals");

            migrationBuilder.DropTable(
                name: "repetitions");

            migrationBuilder.DropTable(
                name: "strikes");

            migrationBuilder.DropIndex(
                name: "ix_seat_log_period_ticket",
                table: "seat_log");

            migrationBuilder.DropColumn(
                name: "committed_by",
                table: "draws");

            migrationBuilder.DropColumn(
                name: "drawn_by",
                table: "draws");

            migrationBuilder.DropColumn(
                name: "previous_signature",
                table: "draws");

            migrationBuilder.DropColumn(
                name: "published_by",
                table: "draws");

            migrationBuilder.DropColumn(
                name: "round",
                table: "draws");

            migrationBuilder.DropColumn(
                name: "signature",
                table: "draws");

            migrationBuilder.DropColumn(
                name: "struck",
                table: "books");

            migrationBuilder.DropColumn(
                name: "struck_sha256",
                table: "books");

            migrationBuilder.DropColumn(
                name: "struck",
                table: "applications");
        }
    }
}
