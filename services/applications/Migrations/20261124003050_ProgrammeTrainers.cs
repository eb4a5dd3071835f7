using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace EPimorfosi.Applications.Migrations
{
    /// <inheritdoc />
    public partial class ProgrammeTrainers : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "programme_trainers",
                columns: table => new
                {
                    period = table.Column<string>(type: "text", nullable: false),
                    code = table.Column<string>(type: "text", nullable: false),
                    version = table.Column<int>(type: "integer", nullable: false),
                    trainers = table.Column<string[]>(type: "text[]", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_programme_trainers", x => new { x.period, x.code });
                });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "programme_trainers");
        }
    }
}
