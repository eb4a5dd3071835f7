using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace EPimorfosi.Allocation.Migrations
{
    /// <inheritdoc />
    public partial class Rescue : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_seat_log_period_ticket",
                table: "seat_log");

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "rescued_at",
                table: "seat_heads",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "cancelled_programmes",
                columns: table => new
                {
                    period = table.Column<string>(type: "text", nullable: false),
                    programme = table.Column<string>(type: "text", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_cancelled_programmes", x => new { x.period, x.programme });
                });

            migrationBuilder.CreateTable(
                name: "kept_programmes",
                columns: table => new
                {
                    period = table.Column<string>(type: "text", nullable: false),
                    programme = table.Column<string>(type: "text", nullable: false),
                    reason = table.Column<string>(type: "text", nullable: false),
                    by = table.Column<string>(type: "text", nullable: false),
                    at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_kept_programmes", x => new { x.period, x.programme });
                });

            migrationBuilder.CreateIndex(
                name: "ix_seat_log_period_ticket",
                table: "seat_log",
                columns: new[] { "period", "ticket" },
                filter: "event in ('placed', 'promoted', 'accepted', 'rescued')");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "cancelled_programmes");

            migrationBuilder.DropTable(
                name: "kept_programmes");

            migrationBuilder.DropIndex(
                name: "ix_seat_log_period_ticket",
                table: "seat_log");

            migrationBuilder.DropColumn(
                name: "rescued_at",
                table: "seat_heads");

            migrationBuilder.CreateIndex(
                name: "ix_seat_log_period_ticket",
                table: "seat_log",
                columns: new[] { "period", "ticket" },
                filter: "event in ('placed', 'promoted', 'accepted')");
        }
    }
}
