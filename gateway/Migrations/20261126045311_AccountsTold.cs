using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace EPimorfosi.Gateway.Migrations
{
    /// <inheritdoc />
    public partial class AccountsTold : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<int>(
                name: "version",
                table: "accounts",
                type: "integer",
                nullable: false,
                defaultValue: 0);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(
                name: "version",
                table: "accounts");
        }
    }
}
